CREATE TABLE accounts (
    id serial PRIMARY KEY,
    email varchar(255) NOT NULL CONSTRAINT uq_accounts_email UNIQUE,
    opened_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE payments (
    id serial PRIMARY KEY,
    account_id integer NOT NULL
        CONSTRAINT fk_payments_account REFERENCES accounts (id) ON DELETE RESTRICT,
    amount numeric(12,2) NOT NULL CONSTRAINT ck_payments_amount_positive CHECK (amount > 0),
    currency char(3) NOT NULL,
    note text,
    paid_on date NOT NULL
);

CREATE INDEX ix_payments_account_paid_on ON payments (account_id, paid_on);

CREATE TABLE alembic_version (
    version_num varchar(32) NOT NULL CONSTRAINT alembic_version_pkc PRIMARY KEY
);

INSERT INTO alembic_version VALUES ('0003_payments_by_day');
INSERT INTO accounts (email) VALUES ('ada@example.com'), ('carl@example.com');
INSERT INTO payments (account_id, amount, currency, paid_on) VALUES
    (1, 12.50, 'EUR', '2024-03-01'),
    (2, 99.99, 'EUR', '2024-03-02');
