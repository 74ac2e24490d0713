CREATE SCHEMA ops;
ALTER TABLE alembic_version SET SCHEMA ops;
