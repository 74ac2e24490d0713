ALTER TABLE accounts ADD note text;
UPDATE alembic_version SET version_num = '0004_plans';
