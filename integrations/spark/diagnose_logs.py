#!/usr/bin/env python3
"""Diagnoses any number of logs with Apache Spark: `diagnose_logs.py PATHS OUT [--binary FILE] [--now TIME] …`

PATHS is a text file with one path a line, as many as there are logs; every worker must be able to open them. OUT becomes
a folder of JSON rows, one for each log that holds an error, in folders `day=2026-11-21`: the day is the partition key, so
that a question about last week reads seven folders. Paths travel, never contents: a worker hands them to `diagnose` in
batches, for a process costs 2 ms to start and a log well under one.

Why not `rdd.pipe`: it cannot tell status 1 (no log of the batch holds an error) from 2 (a log could not be read), cuts
its input at line feeds, and loses standard error. Here a fault of one log is counted and told; a process that was killed
fails the task, and Spark runs the task again elsewhere.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import zlib

from pyspark import SparkFiles
from pyspark.sql import Row, SparkSession
from pyspark.sql.types import BooleanType, LongType, StringType, StructField, StructType

SCHEMA = StructType(
    [StructField(name, StringType()) for name in ("day", "team", "job", "source", "id", "section", "action", "policy", "not_before", "excerpt")]
    + [StructField("retryable", BooleanType()), StructField("line", LongType())]
)


def batches(paths, count, characters=60_000):
    """Lists of paths that fit a command line, whose limit is 128 KiB on old kernels."""
    batch, size = [], 0
    for path in paths:
        if batch and (len(batch) == count or size + len(path) > characters):
            yield batch
            batch, size = [], 0
        batch.append(path)
        size += len(path) + len("--file=") + 1
    if batch:
        yield batch


def row(fields):
    """The columns of a row of `diagnose`; a log is TEAM/JOB/DAY/RUN.log."""
    team, job, day, _ = ([""] * 3 + fields["source"].split("/"))[-4:]
    retry = fields["retry"]
    return Row(
        day=day, team=team, job=job, source=fields["source"], id=fields["id"], section=fields["section"],
        action=fields["action"], policy=retry["policy"], not_before=retry["not_before"], excerpt=fields["excerpt"],
        retryable=fields["retryable"], line=fields["location"]["line"],
    )


def diagnoser(program, options, faults):
    """What a worker does with its partition: one process for each batch, and the first row of each log."""

    def examine(paths):
        command = [SparkFiles.get(program), "--format", "jsonl", *(["--now", options.now] if options.now else [])]
        for batch in batches(paths, options.batch):
            # Standard error goes to a file: a full pipe that nobody reads would stop the process.
            with tempfile.TemporaryFile() as said:
                with subprocess.Popen(
                    [*command, *(f"--file={path}" for path in batch)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said
                ) as process:
                    last = None
                    for line in process.stdout:
                        fields = json.loads(line)
                        # The rows of a log come one after the other, best first.
                        if fields["source"] != last:
                            last = fields["source"]
                            yield row(fields)
                if process.returncode not in (0, 1, 2):
                    raise RuntimeError(f"diagnose ended with status {process.returncode} at {batch[0]}")
                if process.returncode == 2:
                    said.seek(0)
                    complaints = said.read().decode("utf-8", "replace").splitlines()
                    faults.add(len(complaints))
                    print(*complaints[:5], sep="\n", file=sys.stderr)

    return examine


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths")
    parser.add_argument("out")
    parser.add_argument("--binary", default="/usr/local/bin/diagnose", help="the program, which is sent to the workers")
    parser.add_argument("--now", help="passed on: when the logs were printed")
    parser.add_argument("--batch", type=int, default=500, help="logs for one process (default 500)")
    parser.add_argument("--partitions", type=int, default=0, help="default: four for each core")
    options = parser.parse_args()

    spark = SparkSession.builder.appName("diagnose").getOrCreate()
    context = spark.sparkContext
    context.addFile(options.binary)
    faults = context.accumulator(0)
    # Spread by a hash of the path: by team or day, the largest team would be one long task.
    partitions = options.partitions or 4 * context.defaultParallelism
    paths = context.textFile(options.paths).map(lambda path: (path, None))
    spread = paths.partitionBy(partitions, lambda path: zlib.crc32(path.encode())).keys()
    rows = spark.createDataFrame(spread.mapPartitions(diagnoser(os.path.basename(options.binary), options, faults)), SCHEMA)
    rows.write.mode("overwrite").partitionBy("day").json(options.out)
    if faults.value:
        print(f"diagnose: {faults.value} logs could not be read", file=sys.stderr)
    # The rows were written and are read again: counting what has not been written would examine every log twice.
    for each in spark.read.schema(SCHEMA).json(options.out).groupBy("id", "policy").count().orderBy("id", "policy").collect():
        print(each["id"], each["policy"], each["count"], sep="\t")
    spark.stop()


if __name__ == "__main__":
    main()
