-- What parsing texts needs besides, for this transaction only.
SELECT set_config('check_function_bodies', 'off', true),
       -- Constants that would take forever to compute.
       set_config('statement_timeout', '10s', true)
