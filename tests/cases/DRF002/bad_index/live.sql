CREATE INDEX ix_payments_paid_on ON payments (paid_on);
