-- How busy the server is. replay_lag is NULL for whoever may not see it, and where nothing lags.
SELECT (SELECT max(extract(epoch FROM replay_lag))::float8 FROM pg_stat_replication) AS lag_s,
       (SELECT count(*) FROM pg_stat_activity
        WHERE state = 'active' AND backend_type = 'client backend'
          AND application_name <> 'pgassay') AS sessions,
       current_setting('max_connections')::int AS max_connections
