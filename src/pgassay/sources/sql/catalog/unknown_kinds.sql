-- Kinds of objects that a newer server, or an extension of it, may have and we do not know.
SELECT format('%%s %%I.%%I is of the unknown kind %%s', 'relation', n.nspname, c.relname, c.relkind) AS sentence
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid >= 16384 AND c.relkind NOT IN ('r', 'i', 'S', 't', 'v', 'm', 'c', 'f', 'p', 'I')
UNION ALL
SELECT format('%%s %%I.%%I is of the unknown kind %%s', 'constraint', n.nspname, k.conname, k.contype)
FROM pg_constraint k
JOIN pg_namespace n ON n.oid = k.connamespace
WHERE k.oid >= 16384 AND k.contype NOT IN ('c', 'f', 'n', 'p', 'u', 't', 'x')
UNION ALL
SELECT format('%%s %%I.%%I is of the unknown kind %%s', 'type', n.nspname, t.typname, t.typtype)
FROM pg_type t
JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE t.oid >= 16384 AND t.typtype NOT IN ('b', 'c', 'd', 'e', 'p', 'r', 'm')
UNION ALL
SELECT format('%%s %%I.%%I is of the unknown kind %%s', 'function', n.nspname, p.proname, p.prokind)
FROM pg_proc p
JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE p.oid >= 16384 AND p.prokind NOT IN ('f', 'p', 'a', 'w')
ORDER BY sentence
