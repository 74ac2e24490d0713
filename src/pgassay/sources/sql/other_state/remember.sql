-- Writes down what is there before a revision runs. One statement, and without a percent sign:
-- drivers take those for parameters.
DO $pgassay$ BEGIN
  DROP TABLE IF EXISTS pg_temp.pgassay_seen;
  CREATE TEMPORARY TABLE pgassay_seen AS
    SELECT 'relation' AS kind, c.oid AS object, 0 AS part FROM pg_catalog.pg_class c
    UNION ALL SELECT 'column', a.attrelid, a.attnum FROM pg_catalog.pg_attribute a
    UNION ALL SELECT 'constraint', k.oid, 0 FROM pg_catalog.pg_constraint k
    UNION ALL SELECT 'enum', t.oid, 0 FROM pg_catalog.pg_type t;
END $pgassay$
