CREATE TABLE reports (id bigint PRIMARY KEY, made_at timestamptz NOT NULL DEFAULT now());
