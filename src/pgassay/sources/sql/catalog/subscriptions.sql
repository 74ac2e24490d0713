-- Subscriptions of this database. Their connection strings are not read.
SELECT s.oid::int8 AS oid, --@14+
       0::int8 AS oid, --@13-
       s.subname::text AS name,
       s.subowner::int8 AS owner,
       s.subenabled AS enabled,
       s.subpublications AS publications,
       coalesce(s.subslotname::text, '') AS slot,
       array_remove(ARRAY[
         CASE WHEN s.subbinary THEN 'binary=true' END, --@14+
         CASE WHEN s.substream THEN 'streaming=true' END, --@14+ --@15-
         CASE s.substream WHEN 't' THEN 'streaming=on' WHEN 'p' THEN 'streaming=parallel' END, --@16+
         CASE WHEN s.subsynccommit <> 'off' THEN 'synchronous_commit=' || s.subsynccommit END, --@14+
         CASE WHEN s.subtwophasestate <> 'd' THEN 'two_phase=true' END, --@15+
         CASE WHEN s.subdisableonerr THEN 'disable_on_error=true' END, --@15+
         CASE WHEN NOT s.subpasswordrequired THEN 'password_required=false' END, --@16+
         CASE WHEN s.subrunasowner THEN 'run_as_owner=true' END, --@16+
         CASE WHEN s.suborigin <> 'any' THEN 'origin=' || s.suborigin END, --@16+
         CASE WHEN s.subfailover THEN 'failover=true' END, --@17+
         NULL::text
       ], NULL) AS properties
FROM pg_subscription s
WHERE s.subdbid = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
