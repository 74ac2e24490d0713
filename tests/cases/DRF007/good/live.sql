CREATE SCHEMA audit;
CREATE TABLE audit.entries (id bigserial PRIMARY KEY, said text NOT NULL);
INSERT INTO audit.entries (said) VALUES ('opened');
UPDATE alembic_version SET version_num = '0004_audit';
