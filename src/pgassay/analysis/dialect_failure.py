"""Whether a revision failed on PostgreSQL by what only another database understands."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pgassay.analysis.missing_object import missing_object
from pgassay.analysis.url_text import masked_url, other_dialect
from pgassay.facts.history import History
from pgassay.facts.location import Location
from pgassay.facts.unavailable import Unavailable

Event = Mapping[str, Any]

# What SQLAlchemy says where it has no words for a type or construct of another dialect.
_COMPILER = ("CompileError", "UnsupportedCompilationError")
_CATALOGS = re.compile(
    r'"?(?:sqlite_\w+|pragma_\w+|dual|(?:mysql|sys|performance_schema)\.\w+)"?$', re.IGNORECASE
)
_NAMED = re.compile(r'^(?:relation|table|column|schema) "([^"]+)"')
_CREATES_INDEX = re.compile(r"\s*CREATE\s+(?:UNIQUE\s+)?INDEX\b", re.IGNORECASE)


def dialect_failure(
    history: History,
    failure: Event,
    events: Sequence[Event],
    requested: str,
    location: Location | None = None,
) -> Unavailable | None:
    """What to say in place of a defect; None where the failure is one on any database. `requested`
    is the URL, masked, in whose place the history was run on PostgreSQL; `location` that of the
    failing line."""
    dialect = other_dialect(requested)
    if not dialect or not is_of_dialect(dialect, failure, events):
        return None
    revision = failure["revision"]
    place = f" in {history.ini}" if history.ini else ""
    return Unavailable(
        f"history {history.name}",
        f"Revision {revision} of {history.name}/ is written for {dialect}, which the project names "
        f"({requested}{place}), and PostgreSQL cannot run it: "
        f"{masked_url(failure['error'])}. That shows nothing wrong of it on {dialect}.",
        f"If {history.name}/ is deployed on PostgreSQL too, correct {revision}"
        + (f" ({location})" if location else "")
        + " so that it runs on both; if it never is, leave its folder out with "
        "[project] exclude in pgassay.toml.",
        masked_url(failure["traceback"]),
    )


def is_of_dialect(dialect: str, failure: Event, events: Sequence[Event]) -> bool:
    """Whether a failure shows nothing wrong on `dialect`.

    A table or column that no revision made is missing there too, and one that is made twice is
    made twice; so is what Python itself raises, unless it says the dialect's name.
    """
    error = failure["error"]
    if failure["type"] in _COMPILER:
        return True
    if not (failure["sqlstate"] or failure["statement"] or failure.get("left_out")):
        return dialect in error.lower()
    if named := _NAMED.match(missing_object(error)):
        return _CATALOGS.search(named[1]) is not None or _in_other_case(named[1], events)
    if error.endswith("already exists"):
        # Where an index's name is its table's own, two tables may each have one of that name.
        statement = failure["statement"] or failure.get("left_out", "")
        return dialect == "mysql" and _CREATES_INDEX.match(statement) is not None
    return True


def _in_other_case(name: str, events: Sequence[Event]) -> bool:
    """Whether it was made under that name but for the case, which others do not tell apart."""
    quoted = f'"{name.rpartition(".")[2]}"'
    sent = [e["sql"] for e in events if e["event"] == "statement"]
    made = [s for s in sent if quoted.lower() in s.lower()]
    return bool(made) and not any(quoted in s for s in made)
