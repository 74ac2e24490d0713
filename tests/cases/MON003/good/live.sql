CREATE TABLE invoices (
    id serial PRIMARY KEY,
    gross_weight_kg numeric,
    exchange_rate numeric
);
UPDATE alembic_version SET version_num = '0004_invoices';
