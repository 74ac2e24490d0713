ALTER TABLE payments ADD COLUMN payee text;
