DELETE FROM alembic_version;
INSERT INTO alembic_version VALUES ('0005_notes_again'), ('0004_b_capitals');
