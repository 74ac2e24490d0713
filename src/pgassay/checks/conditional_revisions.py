"""HIS: revisions that act otherwise on another database, or in another environment."""

from __future__ import annotations

from collections.abc import Iterator

from pgassay.check import Check
from pgassay.facts.assay import Assay
from pgassay.facts.comparison import Comparison, Difference
from pgassay.facts.other_path import Condition, HistoryPaths, OtherPath
from pgassay.findings import Finding, Severity

_SHOWN = 4


def conditional_revision(check: Check, assay: Assay) -> Iterator[Finding]:
    """A revision gives another schema on another database than on an empty one.

    What:
      A revision asks before it acts: whether a table is there (`has_table`, IF NOT EXISTS), how
      many rows there are, an environment variable or `-x` argument. The history was executed again
      where the answer is another: with what the revision makes there already, in another shape;
      with the table that it asks for; with another value. What came out otherwise at the head is
      named. A warning where the live database differs in just that, else an info, also where
      nothing could be shown; one for all such revisions of a history.

    Why:
      Two databases with the same stamp then have different schemas. `alembic upgrade` says that
      all is well, and a later revision or the application fails on one of them.

    Fix:
      A new revision that makes it so whatever there was: ALTER what differs (where live does, the
      drift finding has the SQL). Or let the revision compare what it finds, and fail.

    Example:
      0004 creates plans with IF NOT EXISTS. Production had a plans by hand, where price may be
      null: the upgrade passed, and price may be null to this day.
    """
    for paths in assay.other_paths if isinstance(assay.other_paths, tuple) else ():
        if isinstance(paths, HistoryPaths):
            found = list(_of(check, assay, paths))
            possible = [f for f in found if f.severity is Severity.INFO]
            yield from (f for f in found if f.severity is not Severity.INFO)
            yield from possible if len(possible) == 1 else _many(check, paths, possible)


def _of(check: Check, assay: Assay, paths: HistoryPaths) -> Iterator[Finding]:
    for revision in dict.fromkeys(r for r, _ in paths.conditions):
        shown = [p for p in paths.shown if p.revision == revision]
        asked = [c for r, c in paths.conditions if r == revision]
        if shown:
            yield _shown(check, assay, paths.history, asked, shown)
        elif revision not in paths.tried:
            yield _not_shown(check, paths.history, revision, asked)


def _many(check: Check, paths: HistoryPaths, possible: list[Finding]) -> Iterator[Finding]:
    """One for all of a history: asking first is a habit, not many defects."""
    if not possible:
        return
    with_other = {p.revision for p in paths.shown}
    told = {f.subject.removeprefix(f"{paths.history}: "): f for f in possible}
    shown = [revision for revision in told if revision in with_other]
    untried = [revision for revision in told if revision not in with_other]
    said = f"{len(told)} revisions of {paths.history}/ ask before they act."
    if shown:
        said += f" Where the answer is another, the schema was another with {_listed(shown)}."
    if untried:
        said += (
            f" Of {_listed(untried)} no other schema could be shown, which is no proof that there "
            "is none."
        )
    first = told[(shown or untried)[0]]
    yield check.finding(
        f"{paths.history}: conditional revisions",
        said,
        why=first.why,
        fix=f"Nothing, if every database was built by {paths.history}/ alone. Else compare each "
        "database with the history: `pgassay check --database-url URL`.",
        location=first.location,
        severity=Severity.INFO,
        evidence={"revisions": {revision: f.message for revision, f in told.items()}},
    )


def _shown(
    check: Check, assay: Assay, history: str, asked: list[Condition], shown: list[OtherPath]
) -> Finding:
    revision = shown[0].revision
    is_main = assay.main is not None and history == assay.main.name
    on_live = _on_live(assay, shown) if is_main else []
    subjects = list(dict.fromkeys(d.subject for d in on_live))
    message = f"{revision} asks before it acts (`{asked[0].what}`), and "
    message += "; ".join(_path(p) for p in shown) + "."
    if subjects:
        message += f" The live database differs in just that: {_listed(subjects)}."
    return check.finding(
        f"{history}: {revision}",
        message,
        why="Databases with the same stamp have different schemas, and `alembic upgrade` says "
        "nothing; a later revision or the application fails on one of them.",
        fix=_fix(history, shown, subjects),
        location=asked[0].location,
        severity=Severity.WARNING if subjects else Severity.INFO,
        evidence={
            "asks": [f"{c.location}: {c.what}" for c in asked],
            "states": [p.state or f"with {_found(p)} there in another shape" for p in shown],
            "differences": [_said(d) for p in shown for d in p.differences],
            "live": subjects,
        },
    )


def _fix(history: str, shown: list[OtherPath], on_live: list[str]) -> str:
    revision = shown[0].revision
    if on_live:
        said = f"with the SQL of the drift found for {_listed(on_live)}"
        return f"Add a revision that makes it so whatever there was, {said}."
    if not any(p.found for p in shown):
        return (
            f"Take the condition out of {revision}, or make sure that every database gets the "
            "same answer."
        )
    return (
        f"Nothing, if every database was built by {history}/ alone. Else let {revision} compare "
        "what it finds and fail, or add a revision that makes it so (ALTER ...)."
    )


def _path(path: OtherPath) -> str:
    what = _listed([_said(d) for d in path.differences])
    if path.state:
        return f"{path.state} the history ends with {what}"
    return f"where {_found(path)} is there already in another shape, leaves it so: {what}"


def _found(path: OtherPath) -> str:
    roots = [".".join(s.table) if s.whole and s.kind != "index" else s.subject for s in path.found]
    return _listed(list(dict.fromkeys(roots)))


def _on_live(assay: Assay, shown: list[OtherPath]) -> list[Difference]:
    """What live has otherwise than the history, of what the revision lets be."""
    if not isinstance(assay.comparison, Comparison):
        return []
    whole = {s.table for p in shown for s in p.found if s.whole}
    parts = {d.subject for p in shown for d in p.differences}
    found = []
    for difference in assay.comparison.differences:
        values = dict(difference.values)
        expected = values.get("applied", values.get("history"))
        if values.get("live", expected) != expected and (
            difference.table_name in whole or difference.subject in parts
        ):
            found.append(difference)
    return found


def _not_shown(check: Check, history: str, revision: str, asked: list[Condition]) -> Finding:
    first = asked[0]
    what = {
        "objects": "which objects there are",
        "rows": "for rows",
        "server": "for the server's version",
        "environment": f"for {' and '.join(first.names)}",
    }[first.kind]
    return check.finding(
        f"{history}: {revision}",
        f"{revision} asks {what} before it acts (`{first.what}`). No other schema could be shown "
        "for another answer, which is no proof that there is none.",
        why="Databases with the same stamp may have different schemas, and `alembic upgrade` says "
        "nothing.",
        fix="See what it does where the answer is another; make it act without asking, or fail.",
        location=first.location,
        severity=Severity.INFO,
        evidence={"asks": [f"{c.location}: {c.what}" for c in asked]},
    )


def _listed(named: list[str]) -> str:
    more = len(named) - _SHOWN
    return ", ".join(named[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _said(difference: Difference) -> str:
    values = dict(difference.values)
    found, expected = values.get("found", "?"), values.get("expected", "?")
    what = f"{difference.kind} {difference.subject}"
    if difference.property == "presence":
        return f"{what} {found}"
    return f"{what} with {difference.property.replace('_', ' ')} {found} instead of {expected}"


CHECKS: tuple[Check, ...] = (
    Check(
        "HIS028",
        "conditional-revision",
        Severity.WARNING,
        conditional_revision,
        needs=("other_paths",),
        uses=("comparison",),
    ),
)
