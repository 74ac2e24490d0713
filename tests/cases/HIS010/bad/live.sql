CREATE TABLE invoices (id serial PRIMARY KEY, due_on date);
UPDATE alembic_version SET version_num = '0004_invoices_due_on';
