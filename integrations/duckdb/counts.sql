-- How many logs hold which error: what integrations/fleet.sh compares.
SELECT id, retry.policy AS policy, count(*) AS logs FROM errors GROUP BY ALL ORDER BY ALL;
