CREATE TYPE status AS ENUM ('open', 'paid');
UPDATE alembic_version SET version_num = '0004_status';
