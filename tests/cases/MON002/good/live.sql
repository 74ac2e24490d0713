CREATE TABLE invoices (
    id serial PRIMARY KEY,
    money_received bigint,
    money_order_number varchar(20)
);
UPDATE alembic_version SET version_num = '0004_invoices';
