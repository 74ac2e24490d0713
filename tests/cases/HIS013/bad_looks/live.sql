UPDATE alembic_version SET version_num = '0004_limits';
CREATE TABLE limits (id serial PRIMARY KEY);
