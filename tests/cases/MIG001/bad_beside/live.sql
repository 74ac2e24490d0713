CREATE TABLE reports (id serial PRIMARY KEY, title text NOT NULL);
CREATE TABLE reports_version (version_num varchar(32) PRIMARY KEY);
INSERT INTO reports_version VALUES ('r001_reports');
