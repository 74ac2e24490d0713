DROP TABLE payments;
CREATE TABLE payments (
    id serial4,
    account_id int4 NOT NULL,
    amount DECIMAL(12, 2),
    currency character(3) NOT NULL,
    "note" TEXT DEFAULT NULL,
    paid_on date NOT NULL,
    CONSTRAINT payments_pkey PRIMARY KEY (id),
    CONSTRAINT ck_payments_amount_positive CHECK (((amount > (0)::numeric)))
);
ALTER TABLE payments ALTER COLUMN amount SET NOT NULL;
ALTER TABLE payments ADD CONSTRAINT fk_payments_account
    FOREIGN KEY (account_id) REFERENCES public.accounts ON UPDATE NO ACTION ON DELETE RESTRICT;
CREATE INDEX ix_payments_account_paid_on
    ON public.payments USING btree (account_id ASC NULLS LAST, paid_on ASC);
INSERT INTO payments (account_id, amount, currency, paid_on) VALUES (1, 12.50, 'EUR', '2024-03-01');
