#!/usr/bin/env bash
# Runs every recipe of this folder over the same generated logs, and holds what each one counts against what was
# generated: fleet.sh [LOGS], by default 20,000. A recipe whose engine is missing is said and passed over; the exit status
# is 1 if any count is wrong. DIAGNOSE, PYTHON (with `duckdb` and `pyspark`) and RG name the programs.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
count=${1:-20000}
diagnose=$(command -v "${DIAGNOSE:-diagnose}" || true)
python=$(command -v "${PYTHON:-python3}" || true)
rg=$(command -v "${RG:-rg}" || true)
now=2026-11-21T12:00:00Z
failed=0

[[ -x $diagnose ]] || { echo "fleet.sh: no diagnose on the path; name it: DIAGNOSE=target/release/diagnose" >&2; exit 2; }
[[ -x $python ]] || { echo "skipped: everything, for python3 writes the logs"; exit 0; }
# Absolute, for the work is done elsewhere; links stay, by which a virtual environment of Python knows itself.
for program in diagnose python rg; do
    [[ -z ${!program} || ${!program} = /* ]] || declare "$program=$PWD/${!program}"
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# Runs a command; what it prints goes to the file `out`. Sets `took`: seconds, and those of processors, of which a busy
# machine gives fewer.
timed() {
    TIMEFORMAT='%1R %1U %1S'
    { time "$@" > out 2> err || { echo "failed: $*" >> failures; tail -n 5 err >> failures; }; } 2> time
    took=$(awk '{ printf "%7.1f s  %6.1f s of CPU", $1, $2 + $3 }' time)
    if [[ -s failures ]]; then
        cat failures >&2
        rm failures
        failed=1
    fi
}

# Says how long a recipe took and whether the counts in the file `out` are right.
compared() {
    if diff expected out > difference; then
        printf '%-38s %s   %s logs with an error, all counts right\n' "$1" "$took" "$(awk -F'\t' '{ n += $3 } END { print n }' out)"
    else
        printf '%-38s %s   WRONG COUNTS (< expected, > counted):\n' "$1" "$took"
        cat difference
        failed=1
    fi
}

# Every log by one process, as far as a command line holds them. Status 1 says that no log holds an error; xargs says 123.
one_process() {
    tr '\n' '\0' < logs/paths.txt | xargs -0 printf -- '--file=%s\0' |
        { xargs -0 -s 1900000 "$diagnose" --format jsonl --now "$now" > rows.jsonl || [[ $? = 123 ]]; }
}

search() {
    tr '\n' '\0' < logs/paths.txt | xargs -0 -s 1900000 "$rg" -c -e 'API Error' -e 'session limit' -e 'Overloaded' -e 'rate limit'
}

spark() {
    PYSPARK_PYTHON=$python PYSPARK_SUBMIT_ARGS="--master local[$1] --conf spark.ui.enabled=false pyspark-shell" SPARK_LOCAL_IP=127.0.0.1 \
        "$python" "$here/spark/diagnose_logs.py" --binary "$diagnose" --now "$now" logs/paths.txt "$work/spark-$1"
}

# rsyslog follows a log that does not exist yet; its row must be there soon after the error is.
rsyslog() {
    local log
    mkdir -p rsyslog
    sed "s#/var/log/claude#$work/rsyslog#; s#/var/spool/rsyslog#$work/rsyslog#; s#/usr/local/bin/diagnose#$diagnose#" \
        "$here/rsyslog/diagnose.conf" > rsyslog.conf
    rsyslogd -N1 -f "$work/rsyslog.conf"
    rsyslogd -n -f "$work/rsyslog.conf" -i "$work/rsyslog/pid" &
    log=$(awk -F'"' 'NR == 1 { print $6 }' rows.jsonl)
    cat "$log" >> rsyslog/nightly.log
    for _ in $(seq 300); do [[ -s rsyslog/nightly.jsonl ]] && break; sleep 0.1; done
    kill %%
    wait %% || true
    diff <(sed 's/.*"id":"\([^"]*\)".*/\1/' rsyslog/nightly.jsonl) <(sed -n '1s/.*"id":"\([^"]*\)".*/\1/p' rows.jsonl)
}

echo "diagnose $("$diagnose" --version | awk 'NR == 1 { print $2 }'), $count logs, $(nproc) cores"
timed "$python" "$here/logs.py" logs "$count"
cp logs/expected.tsv expected
echo "generated: $(du -sh --apparent-size logs | cut -f 1), $(awk -F'\t' '{ n += $3 } END { print n }' expected) with an error:"
sed 's/^/  /' expected

timed one_process
# The first row of a log is its primary one.
awk '{ match($0, /"source":"[^"]*"/); source = substr($0, RSTART, RLENGTH) } source != last { last = source
    match($0, /"id":"[^"]*"/); id = substr($0, RSTART + 6, RLENGTH - 7)
    match($0, /"policy":"[^"]*"/); counts[id "\t" substr($0, RSTART + 10, RLENGTH - 11)]++ }
    END { for (key in counts) print key "\t" counts[key] }' rows.jsonl | LC_ALL=C sort > out
compared "one process of diagnose"

if [[ -x $rg ]]; then
    timed search
    printf '%-38s %s   %s logs with a hit\n' "rg -c, four patterns" "$took" "$(wc -l < out)"
else
    echo "skipped: no rg to compare with"
fi

if "$python" -c 'import duckdb' 2> err; then
    timed "$python" "$here/duckdb/run.py" "rows=rows.jsonl" "logs=logs/*/*/*/*.log" "$here/duckdb/rows.sql" "$here/duckdb/counts.sql"
    compared "DuckDB, over the rows of that process"
    for query in last-week repeat top; do
        timed "$python" "$here/duckdb/run.py" rows=rows.jsonl "logs=logs/*/*/*/*.log" today=2026-11-21 "$here/duckdb/rows.sql" "$here/duckdb/$query.sql"
        printf '%-38s %s   %s rows, the first:\n' "DuckDB, $query.sql" "$took" "$(wc -l < out)"
        head -n 3 out | tr '\t' ' ' | sed 's/^/  /'
    done
else
    echo "skipped: DuckDB, for $(basename "$python") has no package duckdb"
fi

if ! "$python" -c 'import pyspark' 2> err; then
    echo "skipped: Spark, for $(basename "$python") has no package pyspark"
elif ! command -v java > err; then
    echo "skipped: Spark, for there is no java"
else
    for cores in 1 2; do
        timed spark "$cores"
        # Java's and the workers' processors are not in it.
        took=${took%  * s of CPU}
        compared "Spark, local[$cores], its start included"
    done
fi

if command -v rsyslogd > err; then
    timed rsyslog
    ((failed)) || printf '%-38s %s   the row of a followed log is there\n' "rsyslog, imfile and omprog" "$took"
else
    echo "skipped: rsyslog, for there is no rsyslogd"
fi
exit "$failed"
