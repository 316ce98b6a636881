# What compare.sh and memory.sh share. Sourced by them, never run.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# One language for all tools: decimal points for arithmetic, bytes for grep.
export LC_ALL=C CARGO_TERM_COLOR=never

logs=target/bench-logs
# Seconds that one measurement of memory may take.
limit=900
mkdir -p "$logs"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

die() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 2
}

# What is going on, where somebody watches.
progress() {
  if [[ -t 2 ]]; then printf '\r\033[K%s' "${*:+$* …}" >&2; fi
}

# Builds something with cargo and prints the path of the program. Usage: built NAME ARGUMENTS OF CARGO
built() {
  cargo "${@:2}" --message-format json 2>"$work/cargo" | grep -o '"executable":"[^"]*"' | cut -d'"' -f4 | grep "/$1[^/]*$" | tail -1 ||
    die "cargo ${*:2}: $(tail -3 "$work/cargo")"
}

# Peak resident memory of a command, in KiB, into $peak; its status into $status, 124 if it took more than $limit seconds.
measure_peak() {
  peak=- status=0
  local given=("$@")
  if [[ -n $(type -P timeout) ]]; then given=(timeout "$limit" "$@"); fi
  if gnu_time; then
    "$(type -P time)" -q -f %M -o "$work/peak" "${given[@]}" >"$work/out" 2>"$work/err" || status=$?
    peak=$(tail -1 "$work/peak")
    return
  fi
  # The peak only ever grows, so the last sample before the end is good enough.
  "$@" >"$work/out" 2>"$work/err" <&0 &
  local pid=$! sample
  while sample=$(awk '/^VmHWM/ { print $2 }' "/proc/$pid/status" 2>/dev/null) && [[ -n $sample ]]; do
    peak=$sample
    sleep 0.01
  done
  wait "$pid" || status=$?
}

gnu_time() {
  [[ -n $(type -P time) ]] && [[ $("$(type -P time)" --version 2>&1) == *GNU* ]]
}

# Where a figure stands: beyond the aim, between floor and aim, or short of both. Usage: verdict FIGURE at-least|at-most FLOOR AIM
verdict() {
  awk -v is="$1" -v sense="$2" -v floor="$3" -v aim="$4" 'BEGIN {
    if (sense == "at-most") { is = -is; floor = -floor; aim = -aim }
    print (is >= aim ? "aim" : is >= floor ? "floor" : "missed")
  }'
}

# One row of a table; floor and aim are left out where none are set. Usage: row WHAT FIGURE UNIT [at-least|at-most FLOOR AIM]
row() {
  printf '  %-44s%8s %s' "${@:1:3}"
  if (($# > 3)); then
    local sign='≤'
    if [[ $4 == at-least ]]; then sign='≥'; fi
    printf '   %s %3s %s   %s %3s %s   %s' "$sign" "$5" "$3" "$sign" "$6" "$3" "$(verdict "$2" "${@:4}")"
  fi
  echo
}

skipped() {
  printf '  %-44s%8s     skipped: %s\n' "$1" - "$2"
}

rows_begin() {
  printf '%-46s%8s     %7s   %7s\n' "$1" measured floor aim
}
