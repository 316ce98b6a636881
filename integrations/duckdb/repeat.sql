-- Which jobs are to be repeated, and from when on? Those whose newest run failed with an error that a repetition can
-- help. A job that ran well since is left alone; `never` is for people. `from` is empty where no time is known: at once
-- for the policy `backoff`, by hand for `wait`.
SELECT team, job, source, id, policy, not_before AS "from"
FROM (SELECT *, row_number() OVER (PARTITION BY team, job ORDER BY day DESC, run DESC) AS newest FROM runs)
WHERE newest = 1 AND retryable
ORDER BY "from" NULLS FIRST, team, job;
