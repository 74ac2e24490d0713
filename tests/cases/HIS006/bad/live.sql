UPDATE alembic_version SET version_num = '0003_payments_by_day';
