"""Statements that do no harm where what they make is there already."""

from __future__ import annotations

import re

from pgassay.analysis.creation import drop
from pgassay.analysis.creation.sql_text import dollar_quoted
from pgassay.facts.catalog import (
    Cast,
    DomainConstraint,
    EventTrigger,
    Policy,
    Rule,
    SchemaObject,
    Trigger,
)

_IF_NOT_EXISTS = re.compile(
    r"CREATE (?:UNLOGGED )?(?:SCHEMA|SEQUENCE|MATERIALIZED VIEW|COLLATION|STATISTICS|SERVER"
    r"|USER MAPPING|TABLE|FOREIGN TABLE) (?!IF NOT EXISTS)"
)
_OR_REPLACE = re.compile(r"CREATE (?=VIEW |FUNCTION |PROCEDURE |AGGREGATE )")


def guarded(thing: SchemaObject, statements: list[str]) -> list[str]:
    """The statements that make the object, so that they can run where it is there already.

    A trigger, rule, policy, cast or domain's constraint is made anew; for other kinds without IF
    NOT EXISTS or OR REPLACE, the error that it is there is caught.
    """
    first, *rest = statements or [""]
    if isinstance(thing, Trigger | Rule | Policy | Cast | EventTrigger | DomainConstraint):
        gone = drop(thing)
        at = "DROP CONSTRAINT " if isinstance(thing, DomainConstraint) else f"DROP {_words(thing)} "
        return [gone.replace(at, f"{at}IF EXISTS ", 1), *statements]
    if _OR_REPLACE.match(first):
        return [*or_replace([first]), *rest]
    if match := _IF_NOT_EXISTS.match(first):
        return [f"{match[0]}IF NOT EXISTS {first[match.end() :]}", *rest]
    return [_caught(s) if _makes(s) else s for s in statements]


def or_replace(statements: list[str]) -> list[str]:
    return [_OR_REPLACE.sub("CREATE OR REPLACE ", s, count=1) for s in statements]


def _words(thing: SchemaObject) -> str:
    return thing.KIND.upper()


def _makes(statement: str) -> bool:
    return statement.startswith("CREATE ") and " IF NOT EXISTS " not in statement


def _caught(statement: str) -> str:
    """A shell type that was filled, or an operator, is a duplicate by other codes than most."""
    caught = "EXCEPTION WHEN duplicate_object OR duplicate_function THEN NULL;"
    body = "\n".join(("", "BEGIN", f"  {statement}", caught, "END", ""))
    return f"DO {dollar_quoted(body)};"
