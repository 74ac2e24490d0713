UPDATE alembic_version SET version_num = '0005_merge';
COMMENT ON SCHEMA public IS 'the ledger';
