"""What a statement's failure on scratch means: the SQL's own fault, or nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pgassay.analysis.missing_object import missing_object
from pgassay.analysis.sql_effects import bare
from pgassay.facts.sql_run import Fate, SqlFailure

# SQLSTATEs (PostgreSQL documentation, Appendix A).
# Also a row that is there: of a script that was run before.
_ALREADY = frozenset(("42P07", "42701", "42710", "42P06", "42723", "23505"))
_MISSING = frozenset(("42P01", "42703", "42704", "42883", "3F000"))
_OF_THE_TEXT = frozenset(("3F000", "2BP01"))
# Insufficient privilege, a state the server is not in, resources, operators, files, internal.
_OF_SCRATCH = re.compile(r"42501|55000|55006|08|53|57|58|F0|XX")
_ELSEWHERE = re.compile(
    r"unrecognized configuration parameter|foreign-data wrapper|is not available"
    r"|not supported by this build"
    r"|(?:collation|language|access method|tablespace) .* does not exist"
)
_NAME = r'(?:"[^"]+"|[\w$]+)'
_MADE = re.compile(
    r"\bCREATE\s+(?:OR\s+REPLACE\s+)?(?:\w+\s+){0,2}?"
    r"(?:TABLE|VIEW|INDEX|SEQUENCE|TYPE|DOMAIN|SCHEMA|FUNCTION|PROCEDURE|TRIGGER|POLICY)\s+"
    rf"(?:CONCURRENTLY\s+)?(?:IF\s+NOT\s+EXISTS\s+)?(?:{_NAME}\s*\.\s*)?({_NAME})"
    rf"|\bADD\s+(?:COLUMN\s+)?(?:IF\s+NOT\s+EXISTS\s+)?(?:CONSTRAINT\s+)?({_NAME})"
    rf"|\bRENAME\s+(?:(?:COLUMN|CONSTRAINT)\s+)?(?:{_NAME}\s+)?TO\s+({_NAME})",
    re.IGNORECASE,
)


def fate(
    sqlstate: str,
    error: str,
    statement: str,
    *,
    before: Iterable[SqlFailure],
    incomplete: bool,
    on_empty: bool,
    managed: tuple[str, ...] = (),
) -> Fate:
    """`before` are the run's earlier failures, `incomplete` that something which matters was not
    run. `on_empty`: a whole system on an empty database, where rows and repeated runs are no
    excuse. `managed` are schemas that a managed service fills."""
    if sqlstate in _ALREADY and (not on_empty or 'schema "public"' in error):
        return "already"
    if sqlstate == "42P16" and "multiple primary keys" in error and not on_empty:
        return "already"
    if _OF_SCRATCH.match(sqlstate) or _ELSEWHERE.search(error):
        return "unknown"
    if sqlstate in _MISSING:
        named = re.search(rf"\b(?:{'|'.join(managed)})\b", error + statement) if managed else None
        if incomplete or named:
            return "unknown"
        return _of_missing(error, before)
    if on_empty or sqlstate.startswith("42") or sqlstate in _OF_THE_TEXT:
        return "fails"
    return "unknown"


def _of_missing(error: str, before: Iterable[SqlFailure]) -> Fate:
    lacking = {w.lower() for w in re.findall(r"[\w$]+", missing_object(error) or error)}
    for failure in before:
        if failure.fate != "already" and lacking & _names_made(failure.statement):
            return "unknown" if failure.fate == "unknown" else "follows"
    return "fails"


def _names_made(statement: str) -> set[str]:
    groups = _MADE.findall(bare(statement))
    return {name.strip('"').lower() for found in groups for name in found if name}
