CREATE INDEX ix_payments_account ON payments (account_id);
UPDATE alembic_version SET version_num = '0004_day_first';
