-- A trigger without CREATE TRIGGER and its name; CONSTRAINT stays, as in the facts.
SELECT CASE WHEN t.tgconstraint = 0 THEN '' ELSE 'CONSTRAINT ' END
       || substr(pg_get_triggerdef(t.oid), length(format(
            'CREATE %%sTRIGGER %%I ',
            CASE WHEN t.tgconstraint = 0 THEN '' ELSE 'CONSTRAINT ' END,
            t.tgname
          )) + 1)
FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid
WHERE c.relnamespace = %(schema)s::text::regnamespace AND c.relname = %(table)s AND t.tgname = %(name)s
