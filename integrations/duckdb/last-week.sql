-- Which errors stopped the work in the last seven days, and was it worse in the seven before? Variable: today.
SET VARIABLE today = coalesce(try_cast(getvariable('today') AS DATE), current_date);
SELECT section, id, retry.policy AS policy,
       count(*) FILTER (day > getvariable('today') - 7) AS last_week,
       count(*) FILTER (day <= getvariable('today') - 7) AS week_before,
       count(DISTINCT team || '/' || job) FILTER (day > getvariable('today') - 7) AS jobs
FROM errors
WHERE day > getvariable('today') - 14 AND day <= getvariable('today')
GROUP BY ALL
ORDER BY last_week DESC, id;
