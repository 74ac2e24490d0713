-- Publications.
SELECT p.oid::int8 AS oid,
       p.pubname::text AS name,
       p.pubowner::int8 AS owner,
       p.puballtables AS all_tables,
       array_remove(ARRAY[
         CASE WHEN p.pubdelete THEN 'delete' END,
         CASE WHEN p.pubinsert THEN 'insert' END,
         CASE WHEN p.pubtruncate THEN 'truncate' END,
         CASE WHEN p.pubupdate THEN 'update' END
       ], NULL) AS operations,
       p.pubviaroot AS via_root,
       ARRAY(
         SELECT format('%%I.%%I', n.nspname, c.relname)
                || coalesce(' (' || ( --@15+
                     SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) --@15+
                     FROM pg_attribute a --@15+
                     WHERE a.attrelid = c.oid AND a.attnum = ANY (r.prattrs) --@15+
                   ) || ')', '') --@15+
                || coalesce(' WHERE (' || pg_get_expr(r.prqual, r.prrelid) || ')', '') --@15+
         FROM pg_publication_rel r
         JOIN pg_class c ON c.oid = r.prrelid
         JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE r.prpubid = p.oid
         ORDER BY n.nspname, c.relname
       ) AS tables,
       ARRAY( --@15+
         SELECT n.nspname::text --@15+
         FROM pg_publication_namespace s JOIN pg_namespace n ON n.oid = s.pnnspid --@15+
         WHERE s.pnpubid = p.oid --@15+
         ORDER BY n.nspname --@15+
       ) AS schemas, --@15+
       NULL::text[] AS schemas, --@14-
       CASE p.pubgencols WHEN 's' THEN 'stored' ELSE '' END AS generated_columns --@18+
       '' AS generated_columns --@17-
FROM pg_publication p
