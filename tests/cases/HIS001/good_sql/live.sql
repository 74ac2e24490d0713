CREATE TABLE reports (id bigint PRIMARY KEY, made_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL);
INSERT INTO schema_migrations VALUES (1, false);
