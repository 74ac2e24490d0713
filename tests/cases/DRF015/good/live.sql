UPDATE alembic_version SET version_num = '0004_totals';
CREATE MATERIALIZED VIEW payment_counts AS
SELECT account_id, count(*) FROM payments GROUP BY account_id WITH NO DATA;
REFRESH MATERIALIZED VIEW payment_counts;
