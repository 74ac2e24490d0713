DROP TABLE payments, accounts, alembic_version;
