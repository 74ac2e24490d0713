UPDATE alembic_version SET version_num = '0002b_payment_notes';
