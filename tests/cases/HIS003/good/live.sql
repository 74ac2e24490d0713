UPDATE alembic_version SET version_num = '0004_currencies_in_capitals_eu_u';
