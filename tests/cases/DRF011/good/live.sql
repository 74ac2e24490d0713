UPDATE alembic_version SET version_num = '0004_short_notes';
ALTER TABLE payments ADD CONSTRAINT ck_payments_note_length CHECK (length(note) < 1000) NOT VALID;
ALTER TABLE payments VALIDATE CONSTRAINT ck_payments_note_length;
