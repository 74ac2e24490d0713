ALTER TABLE alembic_version ALTER version_num TYPE varchar(64);
UPDATE alembic_version SET version_num = '0004_currencies_in_capitals_eu_us';
