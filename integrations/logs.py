#!/usr/bin/env python3
"""Writes the logs of an invented fleet, always the same ones: `logs.py FOLDER [N]`.

The recipes of this folder are counted against these logs, so how many hold which error is known
beforehand: FOLDER/expected.tsv says it (error, retry policy, logs). A log is FOLDER/TEAM/JOB/DAY/RUN.log;
half of them hold no error. FOLDER/paths.txt lists them.
"""

import os
import sys
from datetime import date, timedelta

TEAMS = ["billing", "docs", "infra", "mobile", "payments", "search", "support", "web"]
JOBS = ["nightly", "review", "fix-tests", "triage", "release-notes"]
DAYS = 20
FIRST_DAY = date(2026, 11, 1)


def api(status, kind, message):
    """A line of Claude Code that ends a job."""
    return (
        f'API Error: {status} {{"type":"error","error":{{"type":"{kind}","message":"{message}"}},'
        '"request_id":"req_011CWq7yBnV3xT8rKfLmP2sZ"}'
    )


# Error, retry policy, last line, of twenty logs that fail.
KINDS = [
    ("overloaded", "backoff", 6, api(529, "overloaded_error", "Overloaded")),
    ("server-error", "backoff", 3, api(500, "api_error", "Internal server error")),
    ("session-limit", "wait", 3, "You've hit your session limit · resets 3pm (Europe/Berlin)"),
    ("invalid-api-key", "never", 3, api(401, "authentication_error", "invalid x-api-key")),
    ("prompt-too-long", "never", 3, api(400, "invalid_request_error", "prompt is too long: 211734 tokens > 200000 maximum")),
    ("credit-balance-low", "never", 2, api(400, "invalid_request_error", "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.")),
]
SCHEDULE = [kind for kind in KINDS for _ in range(kind[2])]


def text(run, ending):
    """The log of a run: what jobs print, then how it ended."""
    lines = [f"[{step:02}] compiling crate-{(run * 7 + step) % 97} v0.{step}.0" for step in range(12 + run % 30)]
    lines.append(f"test result: ok. {run % 211} passed; 0 failed; finished in {run % 13}.{run % 10}s")
    lines.append(f"$ claude -p 'look at run {run}'")
    lines.append(ending or "Done: nothing to change.")
    return "\n".join(lines) + "\n"


def main():
    folder, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 20_000
    expected, paths = {}, []
    for run in range(count):
        # Runs come in pairs of one job, of which one fails; twenty pairs have every error as often as
        # KINDS says, and the next forty begin one error later, so that no job keeps its error.
        pair = run // 2
        fails = (run + pair // 3) % 2
        error, policy, _, ending = SCHEDULE[(pair * 7 + pair // 40) % 20] if fails else ("", "", 0, "")
        team, job = TEAMS[pair % 8], JOBS[pair // 8 % 5]
        day = FIRST_DAY + timedelta(days=run * DAYS // count)
        place = os.path.join(folder, team, job, day.isoformat())
        os.makedirs(place, exist_ok=True)
        path = os.path.join(place, f"{run:07}.log")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text(run, ending))
        paths.append(path)
        if error:
            expected[error, policy] = expected.get((error, policy), 0) + 1
    with open(os.path.join(folder, "paths.txt"), "w", encoding="utf-8") as file:
        file.writelines(f"{path}\n" for path in paths)
    with open(os.path.join(folder, "expected.tsv"), "w", encoding="utf-8") as file:
        file.writelines(f"{error}\t{policy}\t{n}\n" for (error, policy), n in sorted(expected.items()))


if __name__ == "__main__":
    main()
