CREATE TABLE visits (year int NOT NULL) PARTITION BY RANGE (year);
CREATE TABLE visits_2024 PARTITION OF visits FOR VALUES FROM (2024) TO (2025);
CREATE TABLE visits_2025 (year int NOT NULL);
UPDATE alembic_version SET version_num = '0003a_more';
