CREATE TYPE mood AS ENUM ('glad');
UPDATE alembic_version SET version_num = '0003a_more';
