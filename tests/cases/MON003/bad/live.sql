CREATE TABLE invoices (
    id serial PRIMARY KEY,
    shipping_fee numeric
);
UPDATE alembic_version SET version_num = '0004_invoices';
