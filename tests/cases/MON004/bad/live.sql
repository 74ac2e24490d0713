CREATE TABLE invoices (
    id serial PRIMARY KEY,
    shipping_fee numeric(12,3)
);
UPDATE alembic_version SET version_num = '0004_invoices';
