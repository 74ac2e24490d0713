CREATE TABLE plans (id serial PRIMARY KEY, starts date);
UPDATE alembic_version SET version_num = '0004_plans';
