-- The three commonest errors of each team, and what share of its runs they stopped.
SELECT team, id, policy, count(*) AS failures,
       round(100.0 * count(*) / any_value(all_runs), 1) AS percent_of_runs, mode(job) AS commonest_job
FROM (SELECT *, count(*) OVER (PARTITION BY team) AS all_runs FROM runs)
WHERE id IS NOT NULL
GROUP BY team, id, policy
QUALIFY row_number() OVER (PARTITION BY team ORDER BY failures DESC, id) <= 3
ORDER BY team, failures DESC, id;
