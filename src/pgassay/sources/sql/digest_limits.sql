-- What holds for a transaction that reads whole tables, and for it only.
SELECT set_config('statement_timeout', %(statement_ms)s, true),
       -- It waits while the other side is still reading.
       set_config('idle_in_transaction_session_timeout', %(idle_ms)s, true),
       -- One core of a production server is enough.
       set_config('max_parallel_workers_per_gather', '0', true),
       -- Some thousand buckets, so that nothing is written to the server's disk.
       set_config('work_mem', '64MB', true),
       set_config('pgassay.digest_key', %(key)s, true)
