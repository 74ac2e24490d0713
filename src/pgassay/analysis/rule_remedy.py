"""What to do about rows that break a rule: put them aside, then let a constraint keep such out."""

from __future__ import annotations

import re

from pgassay.analysis.revision_code import in_a_revision, outside_a_transaction
from pgassay.analysis.sql_identifier import qualified, quoted
from pgassay.facts.data_rule import (
    Balanced,
    DataRule,
    InTime,
    NoRows,
    NotNull,
    References,
    RowRule,
    Unique,
)
from pgassay.facts.data_run import RuleOutcome

_NAME_LIMIT = 63
# The row's name before a column's, not in a string or a name.
_OF_ROW = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|\bt\.")


def remedy(outcome: RuleOutcome) -> str:
    """SQL to look at the rows and put them aside, and the revision that makes the rule a proof."""
    rule, broken = outcome.rule, outcome.sql
    if isinstance(rule, NoRows):
        return "Look at what the query gives, and correct it."
    if isinstance(rule, Balanced):
        return f"Correct the entries of these journals:\n{broken};"
    table, place = qualified(*rule.table), _name(rule, "wrong")
    aside = (
        "Look at them, and put them aside before they are corrected:\n"
        "CREATE SCHEMA IF NOT EXISTS quarantine;\n"
        f"CREATE TABLE quarantine.{quoted(place)} AS {broken};"
    )
    kept = _constraint(rule, table, broken)
    if not kept:
        return f"{aside}\n-- no constraint can say this: keep the rule"
    return f"{aside}\n-- then a revision that keeps such rows out, and proves the rule:\n{kept}"


def _constraint(rule: DataRule, table: str, broken: str) -> str:
    name = quoted(_name(rule, "check"))
    if isinstance(rule, NotNull):
        return _in_two(table, name, f"CHECK ({quoted(rule.column)} IS NOT NULL)")
    if isinstance(rule, References) and rule.declared:
        return _of_declared(rule, table)
    if isinstance(rule, References):
        ours = ", ".join(quoted(c) for c in rule.together)
        key = ", ".join(quoted(c) for c in rule.key)
        target = f"FOREIGN KEY ({ours}) REFERENCES {qualified(*rule.parent)} ({key})"
        return _in_two(table, quoted(_name(rule, "fkey")), target)
    if isinstance(rule, Unique) and not rule.alike:
        columns = ", ".join(quoted(c) for c in rule.together)
        index = quoted(_name(rule, "key"))
        return outside_a_transaction(
            f"CREATE UNIQUE INDEX CONCURRENTLY {index} ON {table} ({columns})"
        )
    if isinstance(rule, RowRule) and not isinstance(rule, InTime):
        condition = _OF_ROW.sub(_without_row, broken.partition(" t WHERE ")[2])
        return _in_two(table, name, f"CHECK (({condition}) IS NOT TRUE)")
    return ""


def _without_row(found: re.Match[str]) -> str:
    return "" if found[0] == "t." else found[0]


def _of_declared(rule: References, table: str) -> str:
    """It is there already: either it can be validated, or it says that it is valid and has to be
    made once more to be so."""
    name = quoted(rule.declared)
    validate = in_a_revision(f"ALTER TABLE {table}\nVALIDATE CONSTRAINT {name}")
    if not rule.is_valid:
        return validate
    return f"-- ({name} says that it is valid: drop it, add it NOT VALID, then)\n{validate}"


def _in_two(table: str, name: str, definition: str) -> str:
    add = f"ALTER TABLE {table}\nADD CONSTRAINT {name}\n{definition}\nNOT VALID"
    validate = f"ALTER TABLE {table}\nVALIDATE CONSTRAINT {name}"
    return f"{in_a_revision(add)}\n-- and in the next revision:\n{in_a_revision(validate)}"


def _name(rule: DataRule, ends: str) -> str:
    return "_".join((rule.table[1], *rule.columns, rule.KIND, ends))[-_NAME_LIMIT:]
