-- Tables, partitioned tables, partitions and foreign tables.
SELECT c.oid::int8 AS oid,
       c.relnamespace::int8 AS namespace,
       c.relname::text AS name,
       c.relowner::int8 AS owner,
       c.relkind = 'p' AS partitioned,
       CASE
         -- Before PostgreSQL 14, "never analyzed" was 0 rows on 0 pages; since then it is -1.
         WHEN c.reltuples < 0 THEN NULL
         WHEN c.relpages = 0 AND c.reltuples = 0 THEN NULL --@13-
         ELSE c.reltuples::int8
       END AS rows_estimate,
       CASE c.relpersistence WHEN 'u' THEN 'unlogged' WHEN 't' THEN 'temporary' ELSE 'permanent' END
         AS persistence,
       CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) ELSE '' END AS partition_key,
       CASE
         WHEN c.relispartition THEN (
           SELECT format('%%I.%%I', n.nspname, p.relname)
           FROM pg_inherits i
           JOIN pg_class p ON p.oid = i.inhparent
           JOIN pg_namespace n ON n.oid = p.relnamespace
           WHERE i.inhrelid = c.oid
         )
         ELSE ''
       END AS partition_of,
       CASE
         WHEN c.relispartition THEN
           pg_get_expr(c.relpartbound, c.oid)
           || CASE --@14+
                WHEN EXISTS ( --@14+
                  SELECT FROM pg_inherits i WHERE i.inhrelid = c.oid AND i.inhdetachpending --@14+
                ) THEN ' DETACH PENDING' --@14+
                ELSE '' --@14+
              END --@14+
         ELSE ''
       END AS bound,
       CASE
         WHEN NOT c.relispartition THEN ARRAY(
           SELECT format('%%I.%%I', n.nspname, p.relname)
           FROM pg_inherits i
           JOIN pg_class p ON p.oid = i.inhparent
           JOIN pg_namespace n ON n.oid = p.relnamespace
           WHERE i.inhrelid = c.oid
           ORDER BY i.inhseqno
         )
       END AS inherits,
       CASE WHEN c.reloftype = 0 THEN '' ELSE format_type(c.reloftype, NULL) END AS of_type,
       c.reloptions AS options,
       toast.reloptions AS toast_options,
       CASE WHEN m.amname IS NULL OR m.amname = 'heap' THEN '' ELSE m.amname::text END
         AS access_method,
       coalesce(s.spcname::text, '') AS tablespace,
       CASE c.relreplident
         WHEN 'f' THEN 'full'
         -- What a foreign table has by itself, and cannot change.
         WHEN 'n' THEN CASE c.relkind WHEN 'f' THEN 'default' ELSE 'nothing' END
         WHEN 'i' THEN coalesce(
           'index ' || (
             SELECT x.relname FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
             WHERE i.indrelid = c.oid AND i.indisreplident
           ),
           -- The index was dropped, which leaves no identity.
           'nothing'
         )
         ELSE 'default'
       END AS replica_identity,
       c.relrowsecurity AS row_security,
       c.relforcerowsecurity AS force_row_security,
       coalesce(fs.srvname::text, '') AS foreign_server,
       ft.ftoptions AS foreign_options
FROM pg_class c
LEFT JOIN pg_class toast ON toast.oid = c.reltoastrelid
LEFT JOIN pg_am m ON m.oid = c.relam
LEFT JOIN pg_tablespace s ON s.oid = c.reltablespace
LEFT JOIN pg_foreign_table ft ON ft.ftrelid = c.oid
LEFT JOIN pg_foreign_server fs ON fs.oid = ft.ftserver
WHERE c.relkind IN ('r', 'p', 'f')
  AND c.oid >= 16384
  AND c.relnamespace = ANY (%(own)s::int8[]::oid[])
