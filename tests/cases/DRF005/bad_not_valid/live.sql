ALTER TABLE payments DROP CONSTRAINT ck_payments_amount_positive;
ALTER TABLE payments ADD CONSTRAINT ck_payments_amount_positive CHECK (amount > 0) NOT VALID;
