CREATE ROLE anon NOLOGIN NOINHERIT;
CREATE ROLE authenticated NOLOGIN NOINHERIT;
CREATE ROLE authenticator LOGIN NOINHERIT;
GRANT anon, authenticated TO authenticator;
ALTER TABLE accounts ENABLE ROW LEVEL SECURITY;
CREATE VIEW latest WITH (security_invoker = true) AS SELECT * FROM accounts;
GRANT SELECT ON latest TO anon;
UPDATE alembic_version SET version_num = '0004_rights';
