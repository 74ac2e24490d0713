"""Which revisions ask something before they act, by their text and by what they sent."""

from __future__ import annotations

import re

from pgassay.facts.history import Build, History, Revision
from pgassay.facts.other_path import Condition

_STOP = re.compile(
    r"\bIF\b(?:(?!\bTHEN\b)[^;])*\bTHEN\s+RAISE\s+EXCEPTION\b"
    r"(?:'(?:[^']|'')*'|[^';])*;\s*END\s+IF\s*;",
    re.IGNORECASE | re.DOTALL,
)
"""In a block: it goes on or is an error, so that whatever it finds, it makes nothing."""
# Not schemas and extensions, which are a name and nothing else; nor DROP ... IF EXISTS, after which
# the object is gone whatever there was.
_CONDITIONAL = re.compile(
    r"\bCREATE\s+(?:UNLOGGED\s+|UNIQUE\s+|MATERIALIZED\s+|RECURSIVE\s+)?"
    r"(?:TABLE|INDEX|VIEW|SEQUENCE)\s+(?:CONCURRENTLY\s+)?IF\s+NOT\s+EXISTS\b"
    r"|\bADD\s+(?:COLUMN\s+)?IF\s+NOT\s+EXISTS\b|\bALTER\s+\w+(?:\s+VIEW)?\s+IF\s+EXISTS\b"
    r"|^\s*DO\b.*\b(?:IF|EXCEPTION)\b"
    r"|^\s*(?:SELECT|WITH)\b.*\b(?:pg_(?:class|attribute|type|enum|index|indexes|constraint|tables"
    r"|views|matviews|sequences?|proc|trigger)|information_schema|to_reg(?:class|type|proc))\b",
    re.IGNORECASE | re.DOTALL,
)


def stops_by_itself(sql: str) -> bool:
    """Whether a DO statement looks first, and raises an error at what it does not want."""
    return sql.lstrip()[:3].upper() == "DO " and _STOP.search(sql) is not None


def revision_conditions(history: History, build: Build) -> tuple[tuple[str, Condition], ...]:
    """(revision, condition) of those that ask, in the order in which they run. What a revision sent
    tells what its text hides: a helper's questions, an SQL file. `create_all()` is not among them:
    it has a finding of its own (HIS021)."""
    sent: dict[str, Condition] = {}
    files = {r.id: r for r in history.revisions}
    for statement in build.statements:
        revision = files.get(statement.revision)
        if revision is not None and revision.id not in sent and revision.creates_all is None:
            found = _CONDITIONAL.search(_STOP.sub("", statement.sql))
            if found is not None:
                sent[revision.id] = _sent(revision, found[0])
    order = dict.fromkeys(s.revision for s in build.statements) | dict.fromkeys(files)
    conditions: list[tuple[str, Condition]] = []
    for revision in (files[i] for i in order if i in files):
        # Where rows are changed for rows, the schema is the same.
        conditions += [(revision.id, c) for c in revision.asks if c.hangs != "rows"]
        if revision.id in sent and all(c.kind != "objects" for c in revision.asks):
            conditions.append((revision.id, sent[revision.id]))
    return tuple(conditions)


_ASKING = {
    "DO": "a DO block with a condition",
    "SELECT": "a query of the catalog",
    "WITH": "a query of the catalog",
}


def _sent(revision: Revision, found: str) -> Condition:
    what = _ASKING.get(found.split()[0].upper(), " ".join(found.split()))
    return Condition("objects", what, revision.location)
