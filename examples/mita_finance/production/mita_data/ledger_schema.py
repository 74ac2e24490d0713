"""What another service keeps in the same database. It knows users by their id only: no foreign
key leads from here to the tables of the app, and none of its models knows of these.

Kept out of a .sql file, which would look like one more script of the app to be migrated with.
"""

DDL = """
CREATE SCHEMA ledger;
COMMENT ON SCHEMA ledger IS 'Invented: made by production/generate_data.py';

CREATE TABLE ledger.exchange_rates (
    currency varchar(3) NOT NULL,
    day date NOT NULL,
    rate numeric(18, 8) NOT NULL CHECK (rate > 0),
    PRIMARY KEY (currency, day)
);

CREATE TABLE ledger.accounts (
    id integer PRIMARY KEY,
    code varchar(20) NOT NULL UNIQUE,
    currency varchar(3) NOT NULL
);

CREATE TABLE ledger.journals (
    id bigint PRIMARY KEY,
    description text NOT NULL,
    posted_at timestamptz NOT NULL
);

-- Amounts are signed: debits above zero, credits below.
CREATE TABLE ledger.journal_entries (
    id bigint PRIMARY KEY,
    journal_id bigint NOT NULL REFERENCES ledger.journals (id),
    account_id integer NOT NULL REFERENCES ledger.accounts (id),
    currency varchar(3) NOT NULL,
    amount numeric(18, 4) NOT NULL CHECK (amount <> 0)
);
CREATE INDEX ON ledger.journal_entries (journal_id);

CREATE TABLE ledger.invoices (
    id bigint PRIMARY KEY,
    user_id uuid NOT NULL,
    currency varchar(3) NOT NULL,
    total numeric(18, 4) NOT NULL CHECK (total >= 0),
    issued_on date NOT NULL,
    due_on date NOT NULL
);

CREATE TABLE ledger.invoice_lines (
    id bigint PRIMARY KEY,
    invoice_id bigint NOT NULL REFERENCES ledger.invoices (id),
    description text NOT NULL,
    quantity integer NOT NULL CHECK (quantity > 0),
    unit_price numeric(18, 4) NOT NULL,
    amount numeric(18, 4) NOT NULL
);
CREATE INDEX ON ledger.invoice_lines (invoice_id);

-- Money in binary floating point. Each value is exact to its currency's minor unit when it is read
-- as text; `tip::numeric` is not, since that cast keeps six digits of a real.
CREATE TABLE ledger.card_fees (
    id bigint PRIMARY KEY,
    user_id uuid NOT NULL,
    currency varchar(3) NOT NULL,
    amount double precision NOT NULL,
    tip real NOT NULL,
    charged_at timestamptz NOT NULL
);
"""
