-- 2025-08-27, during the slow import of card statements.

-- Support needs somewhere to note the bank's reference of a refund.
ALTER TABLE transactions ADD COLUMN refund_reference varchar(64);

-- Dropped to speed up the import. Put it back afterwards!
DROP INDEX ix_expenses_user_id_date;
