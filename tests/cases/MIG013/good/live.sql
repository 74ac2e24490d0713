CREATE MATERIALIZED VIEW totals AS SELECT account_id, sum(amount) AS total FROM payments GROUP BY account_id;
CREATE UNIQUE INDEX totals_key ON totals (account_id);
UPDATE alembic_version SET version_num = '0003a_more';
