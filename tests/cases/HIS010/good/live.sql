UPDATE alembic_version SET version_num = '0004_no_legacy_notes';
