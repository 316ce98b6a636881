#!/usr/bin/env bash
# How much memory diagnose takes on inputs that make a careless program grow.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: benches/memory.sh [-p PERCENT] [-t SECONDS] [-l INPUTS] [-b PROGRAM] [-f]

Gives diagnose hostile inputs and prints the peak of its resident memory on each, floor 16 MiB, aim 8 MiB.

  -p PERCENT  the share of the full size (default 100; 1 is a run of seconds)
  -t SECONDS  how long one input may take (default 900)
  -l INPUTS   which of them (default all: log endless overload line block distinct record nested random utf16)
  -b PROGRAM  the diagnose to measure (default: the release build of this tree, which is made first)
  -f          from files (below target/bench-logs, deleted at once) instead of through a pipe
  -h          this text
TEXT
}

percent=100 seconds=900 chosen= program= from_files=
while getopts p:t:l:b:fh option; do
  case $option in
    p) percent=$OPTARG ;;
    t) seconds=$OPTARG ;;
    l) chosen=$OPTARG ;;
    b) program=$(realpath "$OPTARG") ;;
    f) from_files=yes ;;
    h) usage && exit ;;
    *) usage >&2 && exit 2 ;;
  esac
done

# shellcheck source=benches/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
[[ $percent =~ ^[1-9][0-9]*$ && $seconds =~ ^[1-9][0-9]*$ ]] || die "-p and -t take numbers from 1 (-h explains)"
limit=$seconds

progress building
helper=$(built helper bench --no-run --profile dev --bench helper)
if [[ -z $program ]]; then program=$(built diagnose build --release --bin diagnose); fi
[[ -x $program ]] || die "there is no program $program"
progress

command=("$program" --format json)

# What it said, in a few words.
outcome() {
  case $status in
    0) echo "found $(grep -o '"occurrences":[0-9]*' "$work/out" | awk -F: '{ n += $2 } END { print n + 0 }')" ;;
    1) echo 'found nothing' ;;
    124) echo "stopped after $limit s" ;;
    *) echo "status $status: $(head -1 "$work/err")" ;;
  esac
}

way=${from_files:+from files}
rows_begin "resident memory, ${way:-on a pipe}"
while IFS=$'\t' read -r name mib what; do
  if [[ -n $chosen && " $chosen " != *" $name "* ]]; then continue; fi
  size=$(((mib * percent + 99) / 100))
  progress "$name, $size MiB"
  start=$EPOCHREALTIME
  if [[ -n $from_files ]]; then
    "$helper" input "$name" "$size" >"$logs/$name.input"
    start=$EPOCHREALTIME
    measure_peak "${command[@]}" -f "$logs/$name.input"
    rm "$logs/$name.input"
  else
    measure_peak "${command[@]}" < <("$helper" input "$name" "$size")
  fi
  took=$(awk "BEGIN { printf \"%.1f\", $EPOCHREALTIME - $start }")
  progress
  if [[ $peak == - ]]; then
    skipped "$what" 'neither GNU time nor /proc'
  else
    # What did not come to its end has kept no promise.
    goals=()
    if ((status < 2)); then goals=(at-most 16 8); fi
    row "$what" "$(awk "BEGIN { printf \"%.1f\", $peak / 1024 }")" M "${goals[@]}"
  fi
  printf '    %s MiB in %s s, %s\n' "$size" "$took" "$(outcome)"
done < <("$helper" inputs)
