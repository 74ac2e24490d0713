UPDATE alembic_version SET version_num = '0004_entries';
CREATE TABLE entries (id integer NOT NULL, day date NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE entries_2024 PARTITION OF entries FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE UNIQUE INDEX ux_entries ON entries (id, day);
