UPDATE alembic_version SET version_num = '0005_merge';
