-- How big each table and materialized view is, one row each; no right on any of them is needed.
-- A parent has what its children hold too: statements on it reach them all. That is so for
-- partitions, and for tables that inherit, as TimescaleDB's chunks do. What is a foreign table's
-- is on another server.
WITH RECURSIVE listed (oid, kind, namespace, name) AS (
  SELECT c.oid, c.relkind, n.nspname::text, c.relname::text
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'm')
    -- Temporary tables are in pg_temp_*.
    AND n.nspname !~ '^pg_'
    AND n.nspname <> 'information_schema'
), reached (root, oid) AS (
  SELECT l.oid, l.oid FROM listed l
  UNION
  SELECT r.root, i.inhrelid FROM reached r JOIN pg_inherits i ON i.inhparent = r.oid
), measured AS MATERIALIZED (
  SELECT l.oid,
         -- NULL where it was dropped just now.
         pg_table_size(l.oid) AS bytes,
         pg_indexes_size(l.oid) AS index_bytes,
         CASE
           WHEN c.reltuples < 0 THEN NULL
           -- Before PostgreSQL 14, "never analyzed" was 0 rows on 0 pages; since then it is -1.
           WHEN c.relpages = 0 AND c.reltuples = 0 THEN NULL --@13-
           ELSE c.reltuples::int8
         END AS estimate,
         CASE WHEN c.reltuples <= 0 THEN pg_relation_size(l.oid) = 0 ELSE false END AS empty
  FROM listed l
  JOIN pg_class c ON c.oid = l.oid
  WHERE l.kind <> 'p'
)
SELECT l.namespace AS schema,
       l.name,
       coalesce(sum(m.bytes), 0)::int8 AS bytes,
       coalesce(sum(m.index_bytes), 0)::int8 AS index_bytes,
       -- Partitions are made ahead of time and never analyzed while they are empty.
       CASE
         WHEN bool_and(m.estimate IS NOT NULL OR m.empty) THEN sum(m.estimate)::int8
       END AS rows
FROM listed l
JOIN reached r ON r.root = l.oid
LEFT JOIN measured m ON m.oid = r.oid AND m.bytes IS NOT NULL
GROUP BY l.oid, l.kind, l.namespace, l.name
HAVING l.kind = 'p' OR bool_or(m.oid = l.oid)
ORDER BY l.namespace, l.name
