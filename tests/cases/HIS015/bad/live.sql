INSERT INTO alembic_version VALUES ('0002_payments');
