CREATE FUNCTION paid(integer) RETURNS numeric LANGUAGE sql SECURITY DEFINER AS 'SELECT sum(amount) FROM public.payments WHERE account_id = $1';
UPDATE alembic_version SET version_num = '0004_rights';
