-- Tables that others inherit from: how many of these are tables, and how many are foreign ones.
SELECT n.nspname::text AS schema,
       c.relname::text AS name,
       c.relkind = 'p' AS partitioned,
       count(*)::int AS children,
       (WITH RECURSIVE tree (oid) AS (
          SELECT x.inhrelid FROM pg_inherits x WHERE x.inhparent = c.oid
          UNION
          SELECT x.inhrelid FROM pg_inherits x JOIN tree ON x.inhparent = tree.oid
        )
        SELECT count(*)::int FROM tree JOIN pg_class f ON f.oid = tree.oid WHERE f.relkind = 'f')
         AS foreign_ones
FROM pg_inherits i
JOIN pg_class c ON c.oid = i.inhparent
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p')
GROUP BY c.oid, c.relkind, n.nspname, c.relname
