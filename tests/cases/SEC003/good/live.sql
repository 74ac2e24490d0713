CREATE ROLE anon NOLOGIN NOINHERIT;
CREATE ROLE authenticated NOLOGIN NOINHERIT;
CREATE ROLE authenticator LOGIN NOINHERIT;
GRANT anon, authenticated TO authenticator;
GRANT SELECT ON accounts TO anon;
ALTER TABLE accounts ENABLE ROW LEVEL SECURITY;
CREATE POLICY everybody ON accounts FOR UPDATE USING (true);
UPDATE alembic_version SET version_num = '0004_rights';
