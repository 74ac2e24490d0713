CREATE TYPE kind AS ENUM ('a', 'b');
ALTER TYPE kind ADD VALUE 'z';
CREATE TABLE tickets (
    id serial PRIMARY KEY,
    kind kind
);
UPDATE alembic_version SET version_num = '0004_tickets';
