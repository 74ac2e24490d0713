CREATE DOMAIN eur AS double precision;
CREATE TABLE refunds (
    id serial PRIMARY KEY,
    refund_amount eur
);
UPDATE alembic_version SET version_num = '0004_refunds';
