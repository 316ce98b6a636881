-- Reads the rows of `diagnose --format jsonl` into the table `errors`: one row for each log that holds an error.
-- Variables: rows (the file or files, *.jsonl), logs (every log that was examined, as a pattern of paths).
-- A log is TEAM/JOB/DAY/RUN.log, whatever folders stand before. Fields that are not named here are not read.
SET VARIABLE rows = coalesce(getvariable('rows'), 'rows.jsonl');
SET VARIABLE logs = coalesce(getvariable('logs'), 'logs/*/*/*/*.log');

CREATE OR REPLACE TABLE diagnoses AS
SELECT * FROM read_json(getvariable('rows'), format = 'newline_delimited', columns = {
    source: 'VARCHAR', id: 'VARCHAR', section: 'VARCHAR', title: 'VARCHAR', confidence: 'VARCHAR', state: 'VARCHAR',
    action: 'VARCHAR', retryable: 'BOOLEAN', excerpt: 'VARCHAR', occurrences: 'BIGINT',
    retry: 'STRUCT(policy VARCHAR, after_seconds BIGINT, not_before TIMESTAMPTZ)',
    location: 'STRUCT(line BIGINT)'
});

-- The rows of a log come best first: its first one says why the work stopped.
CREATE OR REPLACE TABLE errors AS
SELECT parts[-4] AS team, parts[-3] AS job, try_cast(parts[-2] AS DATE) AS day, parts[-1] AS run, * EXCLUDE (parts, place)
FROM (
    SELECT string_split(source, '/') AS parts, row_number() OVER (PARTITION BY source ORDER BY rowid) AS place, *
    FROM diagnoses
)
WHERE place = 1;

-- Every run, with its error or without: a log in which nothing was recognised has no row of its own.
CREATE OR REPLACE TABLE runs AS
SELECT parts[-4] AS team, parts[-3] AS job, try_cast(parts[-2] AS DATE) AS day, parts[-1] AS run,
       file AS source, errors.id, errors.title, errors.action, errors.retry.policy AS policy, errors.retryable,
       errors.retry.not_before AS not_before
FROM (SELECT file, string_split(file, '/') AS parts FROM glob(getvariable('logs'))) AS logs
LEFT JOIN errors ON errors.source = logs.file;
