-- An index from USING on.
SELECT substr(pg_get_indexdef(i.indexrelid), length(format(
         'CREATE %%sINDEX %%I ON %%I.%%I ',
         CASE WHEN i.indisunique THEN 'UNIQUE ' ELSE '' END, x.relname, n.nspname, c.relname
       )) + 1)
FROM pg_index i
JOIN pg_class x ON x.oid = i.indexrelid
JOIN pg_class c ON c.oid = i.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.oid = %(schema)s::text::regnamespace AND x.relname = %(name)s
