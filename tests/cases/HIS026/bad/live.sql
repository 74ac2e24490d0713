CREATE FUNCTION cents(amount numeric) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT (amount * 100)::bigint';
UPDATE alembic_version SET version_num = '0004_cents';
