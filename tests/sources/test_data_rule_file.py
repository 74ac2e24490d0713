"""The file of rules: what it says, and every mistake at once with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgassay.analysis.rule_written import bare
from pgassay.analysis.rule_written import written as as_written
from pgassay.facts.data_rule import (
    Balanced,
    Fits,
    InOrder,
    InRange,
    InTime,
    IsCurrency,
    Matches,
    MinorUnits,
    NoRows,
    NotNull,
    OneOf,
    References,
    Total,
    Unique,
)
from pgassay.facts.location import Location
from pgassay.facts.proposal import Proposal
from pgassay.render.data_rules_yaml import proposed_rules
from pgassay.sources.data_rule_file import BadRules, read_data_rules
from pgassay.sources.rule_kinds import KINDS

ALL = """\
tables:
  transactions:
    - not_null: [user_id, currency]
    - range: {column: amount, above: 0, max: 1e6}
      severity: warning
      reason: 99.98 % are above zero
      confidence: 0.9
    - fits: {column: amount, precision: 12, scale: 2}
    - one_of: {column: status, values: [new, "1", yes]}
    - matches: {column: iban, pattern: "^[A-Z]{2}"}
    - currency: currency
    - minor_units: {column: amount, currency: currency}
    - in_time: spent_at
    - in_time: {column: due, earliest: 2020-01-01, ahead_s: none}
    - in_order: [created_at, updated_at]
    - unique: reference
    - unique: {columns: [email, tenant], alike: [case, blanks]}
    - references: {columns: user_id, parent: public.users, key: id}
  ledger.invoices:
    - total: {column: total, lines: ledger.lines, line: amount, by: invoice_id, key: id}
    - balanced: {column: debit, minus: credit, journal: journal_id, currency: ccy}
no_rows:
  twice: SELECT 1
  thrice:
    sql: SELECT 2
    severity: info
queries:
  total: SELECT sum(amount) FROM transactions
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "rules.yml"
    path.write_text(text)
    return path


def test_every_kind(tmp_path: Path) -> None:
    found = read_data_rules(written(tmp_path, ALL), "rules.yml")
    table, invoices = ("public", "transactions"), ("ledger", "invoices")

    def at(line: int) -> Location:
        return Location("rules.yml", line)

    assert found.rules == (
        NotNull(table=table, location=at(3), column="user_id"),
        NotNull(table=table, location=at(3), column="currency"),
        InRange(
            table=table,
            location=at(4),
            column="amount",
            low="0",
            high="1e6",
            above=True,
            severity="warning",
            reason="99.98 % are above zero",
        ),
        Fits(table=table, location=at(8), column="amount", precision=12, scale=2),
        OneOf(table=table, location=at(9), column="status", values=("new", "1", "yes")),
        Matches(table=table, location=at(10), column="iban", pattern="^[A-Z]{2}"),
        IsCurrency(table=table, location=at(11), column="currency"),
        MinorUnits(table=table, location=at(12), column="amount", currency="currency"),
        InTime(table=table, location=at(13), column="spent_at"),
        InTime(table=table, location=at(14), column="due", earliest="2020-01-01", ahead_s=None),
        InOrder(table=table, location=at(15), together=("created_at", "updated_at")),
        Unique(table=table, location=at(16), together=("reference",)),
        Unique(
            table=table, location=at(17), together=("email", "tenant"), alike=("case", "blanks")
        ),
        References(
            table=table,
            location=at(18),
            together=("user_id",),
            parent=("public", "users"),
            key=("id",),
        ),
        Total(
            table=invoices,
            location=at(20),
            column="total",
            lines=("ledger", "lines"),
            line="amount",
            by="invoice_id",
            key="id",
        ),
        Balanced(
            table=invoices,
            location=at(21),
            column="debit",
            minus="credit",
            journal="journal_id",
            currency="ccy",
        ),
        NoRows(table=("", ""), location=at(23), name="twice", sql="SELECT 1"),
        NoRows(table=("", ""), location=at(24), name="thrice", sql="SELECT 2", severity="info"),
    )
    assert [(q.name, q.sql) for q in found.queries] == [
        ("total", "SELECT sum(amount) FROM transactions")
    ]


def test_what_is_proposed_is_read_as_it_was_meant(tmp_path: Path) -> None:
    """The writer and the reader of the file agree on every kind but users' own SQL."""
    rules = read_data_rules(written(tmp_path, ALL), "rules.yml").rules
    meant = [bare(rule) for rule in rules if not isinstance(rule, NoRows)]
    assert {rule.KIND for rule in meant} == {*KINDS}
    text = proposed_rules([(Proposal(rule, "seen", 0.5), as_written(rule)) for rule in meant])
    again = read_data_rules(written(tmp_path, text), "rules.yml").rules
    by_table = sorted(meant, key=lambda rule: rule.table)
    assert [bare(rule) for rule in again] == by_table
    assert {rule.reason for rule in again} == {"seen"}


WRONG = """\
tabels: {}
tables:
  transactions:
    - not_nul: user_id
    - range: {column: amount, mim: 0}
    - range: {column: amount, min: 0, above: 0}
    - currency: currency
      not_null: currency
    - minor_units: amount
    - one_of: {column: status, values: []}
    - in_order: created_at
    - unique: {columns: email, alike: size}
    - references: {columns: [a, b], parent: users, key: id}
    - range: {column: amount, min: 0}
      severity: bad
    - fits: {column: amount, precision: twelve, scale: 2}
  users:
    not_null: id
  transactions:
    - not_null: {a: b}
no_rows:
  empty: {severity: info}
queries:
  list: [1]
"""


def test_every_mistake_at_once(tmp_path: Path) -> None:
    with pytest.raises(BadRules) as bad:
        read_data_rules(written(tmp_path, WRONG), "rules.yml")
    assert str(bad.value).splitlines() == [
        "rules.yml cannot be used:",
        "  rules.yml:1: 'tabels' is none of tables, no_rows, queries",
        "  rules.yml:4: there is no rule 'not_nul' (did you mean not_null?)",
        "  rules.yml:5: range has no 'mim' (did you mean min?)",
        "  rules.yml:5: range wants a min, max, above or below",
        "  rules.yml:6: range has min and above: which of them?",
        "  rules.yml:7: a rule is of one kind, such as `not_null: column`; here: 'currency' and "
        "'not_null'",
        "  rules.yml:9: minor_units wants {column: ...}",
        "  rules.yml:10: one_of wants at least one value",
        "  rules.yml:11: in_order wants two columns or more: [created_at, updated_at]",
        "  rules.yml:12: unique: alike is of case and blanks, not 'size'",
        "  rules.yml:13: references: 2 columns, and 1 of the key",
        "  rules.yml:15: severity is blocker, warning or info, not 'bad'",
        "  rules.yml:16: fits: precision and scale are whole numbers",
        "  rules.yml:18: the rules of public.users are a list: `- not_null: column`",
        "  rules.yml:19: 'transactions' stands twice",
        "  rules.yml:20: not_null: a word or a list of words is wanted here",
        "  rules.yml:22: empty has no sql",
        "  rules.yml:24: the query list: a text is wanted here",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("tables:\n  - a: b", "rules.yml:2: tables is a mapping"),
        ("just words", "rules.yml:1: the file is a mapping with tables, no_rows, queries"),
        ("tables: {a: [", "rules.yml:1: this is no YAML: "),
        ("a: b\n\tc: d", "rules.yml:2: this is no YAML: "),
    ],
)
def test_what_is_no_file_of_rules(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(BadRules) as bad:
        read_data_rules(written(tmp_path, text), "rules.yml")
    assert told in str(bad.value)


def test_an_empty_file_has_no_rules(tmp_path: Path) -> None:
    found = read_data_rules(written(tmp_path, "# nothing yet\n"), "rules.yml")
    assert (found.rules, found.queries) == ((), ())
