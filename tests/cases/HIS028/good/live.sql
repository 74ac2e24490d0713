CREATE SCHEMA reports;
CREATE TABLE reports.days (day date PRIMARY KEY, total bigint);
CREATE TABLE reports.weeks (week date PRIMARY KEY, total bigint NOT NULL DEFAULT 0);
UPDATE alembic_version SET version_num = '0004_plans';
