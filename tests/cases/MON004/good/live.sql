CREATE TABLE invoices (
    id serial PRIMARY KEY,
    unit_price numeric(18,6)
);
UPDATE alembic_version SET version_num = '0004_invoices';
