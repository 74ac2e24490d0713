-- The moment that this transaction sees.
SELECT pg_current_snapshot()::text AS snapshot,
       CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END::text
         AS lsn,
       pg_is_in_recovery() AS standby,
       clock_timestamp()::text AS at
