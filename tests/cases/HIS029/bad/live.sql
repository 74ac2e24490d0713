UPDATE alembic_version SET version_num = '0004_limits';
