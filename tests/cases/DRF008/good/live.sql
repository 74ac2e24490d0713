CREATE TABLE visits (
    account_id integer NOT NULL,
    seen_on date NOT NULL,
    PRIMARY KEY (account_id, seen_on)
) PARTITION BY RANGE (seen_on);
CREATE TABLE visits_2024_03 PARTITION OF visits FOR VALUES FROM ('2024-03-01') TO ('2024-04-01');
INSERT INTO visits VALUES (1, '2024-03-05');
UPDATE alembic_version SET version_num = '0004_visits';
