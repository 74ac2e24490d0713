CREATE TABLE audit_log (id serial PRIMARY KEY);
UPDATE alembic_version SET version_num = '0004_audit_log';
