-- Works, and half of it is applied already.
CREATE TABLE accounts (id integer PRIMARY KEY);
ALTER TABLE accounts ADD COLUMN archived boolean;
CREATE INDEX CONCURRENTLY accounts_archived ON accounts (archived);
UPDATE accounts SET archived = false;
