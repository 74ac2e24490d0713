ALTER TABLE rates ADD COLUMN valid_until date;
CREATE INDEX rates_valid_until ON rates (valid_until);
