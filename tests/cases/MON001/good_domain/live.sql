CREATE DOMAIN eur AS numeric(12,2);
CREATE TABLE refunds (
    id serial PRIMARY KEY,
    refund_amount eur
);
UPDATE alembic_version SET version_num = '0004_refunds';
