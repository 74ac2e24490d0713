CREATE ROLE anon NOLOGIN NOINHERIT;
CREATE ROLE authenticated NOLOGIN NOINHERIT;
CREATE ROLE authenticator LOGIN NOINHERIT;
GRANT anon, authenticated TO authenticator;
GRANT SELECT ON accounts TO anon;
GRANT TRUNCATE, TRIGGER ON payments TO authenticated;
ALTER TABLE accounts ENABLE ROW LEVEL SECURITY;
UPDATE alembic_version SET version_num = '0004_rights';
