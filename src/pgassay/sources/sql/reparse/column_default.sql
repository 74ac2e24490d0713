-- A column's default, or what it is generated as.
SELECT pg_get_expr(d.adbin, d.adrelid)
FROM pg_attrdef d
JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
JOIN pg_class c ON c.oid = a.attrelid
WHERE c.relnamespace = %(schema)s::text::regnamespace AND c.relname = %(table)s AND a.attname = %(name)s
