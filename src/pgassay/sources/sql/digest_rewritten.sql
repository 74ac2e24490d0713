-- Whether a table, or what is read with it, has another file than our snapshot says: ALTER TABLE and
-- TRUNCATE make it look empty to older snapshots ("Caveats" of PostgreSQL's chapter on MVCC).
-- The function looks at the present; once a table was read, no such statement can come any more.
WITH RECURSIVE tree (oid) AS (
  SELECT %(table)s::regclass::oid
  UNION
  SELECT i.inhrelid FROM pg_inherits i JOIN tree ON i.inhparent = tree.oid AND %(whole_tree)s
)
SELECT coalesce(bool_or(c.relfilenode <> coalesce(pg_relation_filenode(c.oid), 0)), false)
         AS rewritten
FROM tree
JOIN pg_class c ON c.oid = tree.oid
WHERE c.relkind = 'r'
