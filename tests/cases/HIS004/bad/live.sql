DELETE FROM alembic_version;
INSERT INTO alembic_version VALUES ('0004_a_trim_notes'), ('0004_b_capitals');
