CREATE TABLE invoices (
    id serial PRIMARY KEY,
    total numeric(12,2),
    exchange_rate double precision,
    tax_rate double precision,
    discount_percent double precision
);
UPDATE alembic_version SET version_num = '0004_invoices';
