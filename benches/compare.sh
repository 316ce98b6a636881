#!/usr/bin/env bash
# How fast diagnose is, side by side with rg, grep and wc on the same logs.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: benches/compare.sh [-s MIB] [-r ROUNDS] [-l LOGS] [-b PROGRAM]

Writes logs, runs diagnose, rg, grep and wc over them in turn, and prints what each costs and how they compare.

  -s MIB      the size of each log (default 256; all are kept below target/bench-logs; with less than 128, wc is over in so few
              milliseconds that its figures say little)
  -r ROUNDS   how often everything is run (default 5)
  -l LOGS     which logs (default "none sparse dense hot errors plain json unlike longline")
  -b PROGRAM  the diagnose to measure (default: the release build of this tree, which is made first)
  -h          this text

The logs, the same on every machine except `unlike`:
  none        what jobs of GitHub Actions print: times, colours on 30 % of the lines, package managers, compilers, tests; no error of Claude
  sparse      the same with 84 errors per GiB
  dense       5 % lines that look like errors of Claude and are none
  hot         1 % errors of Claude
  errors      nothing but errors of Claude, without colours
  plain       no colours, the stamps of many loggers, and the errors of sparse
  json        the same as fields of JSON objects, one a line
  unlike      no log: source code and manuals of this machine
  longline    plain with a line break every 64 MiB

Every figure is the median, over the rounds, of the ratio within one round, files in the page cache. CPU is user and system time
together. Throughput leaves out what a program needs for a file of one line: rg and grep must first read their patterns, one for each
message and name of the catalog. rg also runs with the most specific message of each of 150 entries (rg150). RG=PATH names a ripgrep that is not on the PATH. Missing tools are left out.
TEXT
}

mib=256 rounds=5 chosen='none sparse dense hot errors plain json unlike longline' program=
while getopts s:r:l:b:h option; do
  case $option in
    s) mib=$OPTARG ;;
    r) rounds=$OPTARG ;;
    l) chosen=$OPTARG ;;
    b) program=$(realpath "$OPTARG") ;;
    h) usage && exit ;;
    *) usage >&2 && exit 2 ;;
  esac
done

# shellcheck source=benches/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
[[ $mib =~ ^[1-9][0-9]*$ && $rounds =~ ^[1-9][0-9]*$ ]] || die "-s and -r take numbers from 1 (-h explains)"

# ---- the logs ----

# Text that no anchor was chosen for: as much of each source as of the others, again from the front where there is not enough.
unlike() {
  local bytes=$((mib << 20)) sysroot folder folders=()
  sysroot=$(rustc --print sysroot)
  for folder in /usr/include /usr/share/doc /usr/share/man /usr/share/perl /usr/share/perl5 /usr/lib/python3 \
    "$sysroot/share/doc" "$sysroot/lib/rustlib/src" "${CARGO_HOME:-$HOME/.cargo}/registry/src"; do
    if [[ -d $folder ]]; then folders+=("$folder"); fi
  done
  for folder in "${folders[@]}"; do
    # head ends the pipe early: that is no failure.
    { find "$folder" -type f -regex '.*\.\(h\|hpp\|c\|rs\|py\|p[lm]\|md\|rst\|txt\|html\|toml\|[1-9]\)\(\.gz\)?' -print0 | sort -z |
      xargs -0 gzip -cdf 2>/dev/null | head -c $((bytes / ${#folders[@]})); } || true
  done >"$work/unlike"
  [[ -s $work/unlike ]] || return 1
  { while cat "$work/unlike"; do :; done | head -c "$bytes"; } 2>/dev/null || true
  rm "$work/unlike"
}

file() { echo "$logs/$1-$mib.log"; }

write_log() {
  local to
  to=$(file "$1")
  if [[ -s $to && ! $helper -nt $to ]]; then return; fi
  progress "writing $1"
  if [[ $1 == unlike ]]; then
    unlike >"$to" || return 1
    echo - >"$to.errors"
  else
    "$helper" log "$1" "$mib" >"$to" 2>"$to.errors" || die "no log is called $1 (-h names them)"
  fi
}

# ---- the programs ----

progress building
helper=$(built helper bench --no-run --profile dev --bench helper)
if [[ -z $program ]]; then program=$(built diagnose build --release --bin diagnose); fi
[[ -x $program ]] || die "there is no program $program"
rg=$(type -P "${RG:-rg}" || true)
grep=$(type -P grep || true)
"$helper" patterns >"$work/patterns"
"$helper" patterns 150 >"$work/patterns-150"
# rg passes over an empty file without reading its patterns.
echo start >"$(file line)"

# An empty program with this package's profile; flags of the environment and of .cargo/config.toml reach it as they reach diagnose.
empty_program() {
  mkdir -p "$logs/empty/src"
  { printf '[package]\nname = "empty"\nedition = "2024"\n\n[workspace]\n\n' && awk '/^\[/ { on = /^\[profile\.release\]/ } on' Cargo.toml; } >"$logs/empty/Cargo.toml"
  echo 'fn main() {}' >"$logs/empty/src/main.rs"
  (cd "$logs/empty" && built empty build --release)
}

tools=(diagnose)
if [[ -n $rg ]]; then tools+=(rg150 rg); fi
if [[ -n $grep ]]; then tools+=(grep); fi
tools+=(wc)

run() {
  case $1 in
    diagnose) "$program" -f "$2" ;;
    rg) "$rg" -a -j1 --no-unicode -c -f "$work/patterns" "$2" ;;
    rg150) "$rg" -a -j1 --no-unicode -c -f "$work/patterns-150" "$2" ;;
    # Its output goes to a file: grep stops at the first hit where it sees that nobody reads.
    grep) "$grep" -c -E -f "$work/patterns" "$2" ;;
    wc) wc -l "$2" ;;
  esac
}

# Notes CPU and wall seconds of one run in $work/times.
measure() {
  local round=$1 log=$2 tool=$3 status=0 TIMEFORMAT='%U %S %R'
  { time run "$tool" "$(file "$log")" >"$work/out" 2>"$work/err"; } 2>"$work/time" || status=$?
  # 1 means that nothing was found.
  ((status < 2)) || die "$tool on $log: status $status: $(head -1 "$work/err")"
  awk -v key="$round $log $tool" '{ print key, $1 + $2, $3 }' "$work/time" >>"$work/times"
}

# ---- the rounds ----

measured=()
for log in $chosen; do
  if write_log "$log"; then measured+=("$log"); else echo "unlike: skipped, no text found on this machine"; fi
done
for log in "${measured[@]}"; do
  progress "$log: counting"
  # What is found, and a warm page cache.
  { "$program" -f "$(file "$log")" --format json || true; } | { grep -o '"occurrences":[0-9]*' || true; } | awk -F: '{ n += $2 } END { print n + 0 }' >"$work/found-$log"
done
for ((round = 1; round <= rounds; round++)); do
  for log in line "${measured[@]}"; do
    progress "round $round of $rounds: $log"
    for tool in "${tools[@]}"; do
      measure "$round" "$log" "$tool"
    done
  done
done
progress

# ---- the tables ----

# The median of ratios of rounds. Usage: ratio cpu|wall|throughput LOG TOOL LOG TOOL
ratio() {
  awk -v of="$1" -v over="$2 $3" -v under="$4 $5" -v over_line="line $3" -v under_line="line $5" '
    { time[$1, $2 " " $3] = of == "wall" ? $5 : $4; if ($1 > rounds) rounds = $1 }
    END {
      for (n = 1; n <= rounds; n++) {
        a = time[n, over]; b = time[n, under]
        if (of == "throughput") { a -= time[n, over_line]; b -= time[n, under_line] }
        # A clock of milliseconds cannot tell less than one.
        print a / (b > 0.001 ? b : 0.001)
      }
    }' "$work/times" | median
}

median() {
  sort -n | awk '{ a[NR] = $1 } END { printf "%.2f", NR % 2 ? a[(NR + 1) / 2] : (a[NR / 2] + a[NR / 2 + 1]) / 2 }'
}

seconds() {
  awk -v name="$1" -v tool="$2" '$2 == name && $3 == tool { print $4 }' "$work/times" | median
}

has() { [[ " ${measured[*]} " == *" $1 "* ]]; }

version() { { "$@" --version || true; } 2>/dev/null | head -1 | grep -oE '[0-9]+\.[0-9.]+' | head -1; }

echo "diagnose $(version "$program")${rg:+, ripgrep $(version "$rg")}${grep:+, grep $(version "$grep")}, $(getconf _NPROCESSORS_ONLN) cores, $(wc -l <"$work/patterns") patterns"
echo "$mib MiB per log; medians of $rounds rounds"
echo
printf '  %-12s' 'CPU seconds'
printf '%10s' "${tools[@]}" MB/s errors found
echo
for log in line "${measured[@]}"; do
  printf '  %-12s' "$log"
  for tool in "${tools[@]}"; do printf '%10s' "$(seconds "$log" "$tool")"; done
  if [[ $log != line ]]; then
    printf '%10s%10s%10s' "$(awk -v mib="$mib" -v s="$(seconds "$log" diagnose)" 'BEGIN { printf "%.0f", mib * 1.048576 / (s > 0.001 ? s : 0.001) }')" \
      "$(<"$(file "$log").errors")" "$(<"$work/found-$log")"
  fi
  echo
done

echo
rows_begin 'throughput, as a multiple of'
rg150=$rg
for rival in rg150 rg grep; do
  if [[ -z ${!rival} ]]; then
    skipped "$rival" 'not installed'
    continue
  fi
  for log in "${measured[@]}"; do
    goals=()
    case $rival,$log in
      rg150,none | rg150,sparse | rg150,unlike) goals=(at-least 2 3) ;;
      rg150,dense) goals=(at-least 1.5 2.5) ;;
    esac
    row "$rival, $log" "$(ratio throughput "$log" "$rival" "$log" diagnose)" x "${goals[@]}"
  done
done
echo
rows_begin 'cost, as a multiple of'
for log in none sparse dense; do
  if has "$log"; then row "wc -l: CPU, $log" "$(ratio cpu "$log" diagnose "$log" wc)" x at-most 8 4.5; fi
done
if has sparse; then row 'wc -l: wall, sparse' "$(ratio wall sparse diagnose sparse wc)" x at-most 2.5 1.3; fi
if has hot && has none; then row 'itself on none: CPU, hot' "$(ratio cpu hot diagnose none diagnose)" x at-most 6 2.5; fi
if has errors; then
  row 'nothing but errors: MB of it per second of CPU' "$(awk -v mib="$mib" -v s="$(seconds errors diagnose)" 'BEGIN { printf "%.1f", mib * 1.048576 / s }')" ' ' at-least 25 60
fi

message='API Error: 529 {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}'
progress 'one message'
if empty=$(empty_program); then
  read -r own nothing times < <("$helper" race 200 "$program" "$message" -- "$empty")
  times=$(printf %.2f "$times")
  row "an empty program: wall, one message" "$times" x at-most 1.6 1.3
  if [[ -n $(type -P valgrind) ]]; then
    instructions() { { valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1 >"$work/out" || true; } | awk '/Collected/ { print $NF }'; }
    own_steps=$(instructions "$program" "$message") steps=$(instructions "$empty")
    row "an empty program: instructions, one message" "$(awk "BEGIN { printf \"%.2f\", $own_steps / $steps }")" x at-most 8 3
  else
    skipped 'an empty program: instructions' 'valgrind is not installed'
  fi
else
  skipped 'an empty program' 'it could not be built'
fi

echo
rows_begin 'resident memory (more: benches/memory.sh)'
for log in "${measured[@]}"; do
  case $log in
    sparse | longline | hot)
      progress "$log: memory"
      measure_peak "$program" -f "$(file "$log")"
      progress
      if [[ $peak == - ]]; then skipped "$log" 'neither GNU time nor /proc'; else row "$log" "$(awk "BEGIN { printf \"%.1f\", $peak / 1024 }")" M at-most 16 8; fi
      ;;
  esac
done
if [[ -n ${times:-} ]]; then printf '\n  one message: %s us, an empty program %s us%s\n' "$own" "$nothing" "${own_steps:+; $own_steps and $steps instructions}"; fi
