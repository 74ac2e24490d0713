"""A server for the commands of `pgassay schema`, and databases on it."""

from __future__ import annotations

import itertools
from pathlib import Path

from pgassay.postgres.scratch import Database
from pgassay.postgres.scratch_server import ScratchServer

PROJECT = Path(__file__).parents[1] / "cases" / "base"
NOWHERE = "postgresql://somebody@127.0.0.1:1/nothing"

TABLES = """
CREATE TABLE accounts (
    id bigint PRIMARY KEY,
    state varchar(10) NOT NULL CHECK (state IN ('open', 'closed')),
    balance numeric(12,2) NOT NULL DEFAULT 0,
    opened timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX accounts_open ON accounts (opened) WHERE state = 'open';
CREATE VIEW open_accounts AS SELECT id, balance FROM accounts WHERE state = 'open';
ALTER TABLE accounts ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON accounts USING (id > 0);
"""

_NUMBERS = itertools.count()


def database(server: ScratchServer, *statements: str) -> Database:
    made = server.create_database(f"schema_{next(_NUMBERS)}")
    with made.connect(autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())
    return made
