CREATE TABLE invoices (
    id serial PRIMARY KEY,
    shipping_fee money
);
UPDATE alembic_version SET version_num = '0004_invoices';
