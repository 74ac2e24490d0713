CREATE ROLE app_reader NOLOGIN;
GRANT SELECT ON accounts TO app_reader;
UPDATE alembic_version SET version_num = '0004_readers';
