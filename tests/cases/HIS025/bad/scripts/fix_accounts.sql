-- Written before payments were split off; nobody ran it since.
UPDATE account_payments SET settled = true WHERE settled IS NULL;
ALTER TABLE accounts ADD COLUMN IF NOT EXISTS archived boolean;
UPDATE accounts SET nickname = NULL WHERE archived;
