DELETE FROM alembic_version;
INSERT INTO alembic_version VALUES ('0003_payments_by_day'), ('0001_reports');
COMMENT ON SCHEMA public IS 'the ledger';
