#!/usr/bin/env python3
"""Runs SQL files in one DuckDB session, for machines that have PyPI's `duckdb` but not DuckDB's own program.

    run.py [NAME=VALUE]... FILE.sql...

Sets the variables, runs the files in their order, and prints what each one's last query gives: as a table on a
terminal, else as tab-separated values.
"""

import sys

import duckdb


def main():
    arguments = sys.argv[1:]
    connection = duckdb.connect()
    for name, value in (word.split("=", 1) for word in arguments if not word.endswith(".sql")):
        connection.execute(f"SET VARIABLE {name} = ?", [value])
    for file in (word for word in arguments if word.endswith(".sql")):
        with open(file, encoding="utf-8") as text:
            result = connection.sql(text.read())
        # A statement that makes a table gives the number of its rows.
        if result is None or result.columns == ["Count"]:
            continue
        if sys.stdout.isatty():
            result.show(max_rows=100)
        else:
            for row in result.fetchall():
                print(*("" if value is None else value for value in row), sep="\t")


if __name__ == "__main__":
    main()
