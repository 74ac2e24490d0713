CREATE TABLE alembic_version_old (version_num varchar(32) NOT NULL);
INSERT INTO alembic_version_old VALUES ('0002b_payment_notes');
