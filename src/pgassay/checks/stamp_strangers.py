"""HIS: what the live database is stamped with and no file of the history has."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import PurePosixPath

from pgassay.analysis.alembic_operations import alembic_command
from pgassay.analysis.revision_graph import revision_graph
from pgassay.check import Check
from pgassay.facts.assay import Assay
from pgassay.facts.comparison import ABSENT, PRESENT, Comparison
from pgassay.facts.history import History, Stamp
from pgassay.facts.stamp_sighting import StampSighting
from pgassay.findings import Finding, Severity

_SHOWN = 4


Stranger = tuple[Stamp, History, str, StampSighting | None]
"""A row that no file has, and where it was seen, if anywhere."""


def stamp_unknown(check: Check, assay: Assay) -> Iterator[Finding]:
    """The database is stamped with a revision that the history does not have.

    What:
      A row of the version table names an id that is in no file of the history production follows,
      and nothing says that it is ahead of them (HIS029). Git's branches, tags, stashes and past,
      and leftovers on disk, were looked through.

    Why:
      `alembic upgrade` stops with "Can't locate revision", and what the database really holds is
      not known from the files.

    Fix:
      Restore the file from version control; or find which revision the schema equals, and
      `alembic stamp` it.

    Example:
      A history was squashed after deployment; production is still stamped with 0004_old.
    """
    for stamp, history, revision, seen in _strangers(assay):
        if seen is not None and seen.is_ahead:
            continue
        others = [
            h.name
            for h in assay.project.histories
            if h.name != history.name and any(r.id == revision for r in h.revisions)
        ]
        known = f"; {', '.join(f'{o}/' for o in others)} has it" if others else ""
        if seen is not None:
            known += f"; it was {_place(seen)}"
            known += f" until commit {seen.removed}" if seen.removed else ""
        more = _beyond_the_head(assay)
        known += "."
        if more:
            known += " It looks ahead of them: the live database has all that the head has, and "
            known += f"besides {_listed(more)}."
        restore = _restoring(seen, history) if seen else f"`git log --all -S {revision}`"
        yield check.finding(
            f"{stamp.table}: {revision}",
            f"{stamp.table} is stamped {revision!r}, which no file in {history.name}/ has{known}",
            why="`alembic upgrade` stops at once, and the files do not tell what this database "
            "holds.",
            fix=("Deploy the newer code, if that is what made it. " if more else "")
            + f"Restore its file ({restore}), or find the revision the "
            "schema equals (`pgassay check` lists the drift) and `alembic stamp` that.",
            location=history.ini or history.env,
            evidence={"stamp": revision, "known_to": others, "more": list(more), **_evidence(seen)},
        )


def stamp_ahead(check: Check, assay: Assay) -> Iterator[Finding]:
    """The database is ahead of these files: newer code has migrated it.

    What:
      A row of the version table names a revision that no file has, but that goes on from one of
      them: git has it on another branch, tag or stash, or it lies on disk where Alembic passes it
      by.

    Why:
      This code is older than the database. `alembic upgrade` and `alembic current` stop with
      "Can't locate revision", so a deployment of it stops there, a rollback of code too.

    Fix:
      Deploy the code that has the revision, or bring its files here. Do not stamp the database
      back: the next upgrade would then run what is applied already.

    Example:
      A feature branch was deployed to staging; main is now deployed over it.
    """
    for stamp, history, revision, seen in _strangers(assay):
        if seen is None or not seen.is_ahead:
            continue
        count = f"{len(seen.steps)} revision{'s' * (len(seen.steps) != 1)}"
        code = f"the code of {seen.ref or seen.commit}" if seen.commit else "code that has it"
        upgrade = alembic_command(history, "upgrade heads") if history.ini else "alembic upgrade"
        yield check.finding(
            f"{stamp.table}: {revision}",
            f"{stamp.table} is stamped {revision!r}, {count} ahead of {history.name}/ (after "
            f"{seen.continues}): it is {_place(seen)}.",
            why=f"This code is older than the database: `{upgrade}` stops with \"Can't locate "
            f"revision identified by '{revision}'\", and so does `alembic current`.",
            fix=f"Deploy {code}; or bring here what this code lacks: {_restoring(seen, history)}.",
            location=history.ini or history.env,
            evidence={"stamp": revision, **_evidence(seen)},
        )


def _strangers(assay: Assay) -> Iterator[Stranger]:
    history = assay.main
    if history is None or any(u.computed for u in history.unreadable):
        return
    graph = revision_graph(history)
    for stamp in assay.stamps if isinstance(assay.stamps, tuple) else ():
        for revision in stamp.revisions or ():
            if graph.full_id(revision) not in graph.by_id:
                seen = next((s for s in assay.sightings if s.revision == revision), None)
                yield stamp, history, revision, seen


def _beyond_the_head(assay: Assay) -> tuple[str, ...]:
    """What live has beyond the head; () where it lacks anything of it, or has it otherwise. It is
    no field that the check uses: without it the row is unknown all the same."""
    if not isinstance(assay.comparison, Comparison):
        return ()
    more = []
    for difference in assay.comparison.differences:
        values = dict(difference.values)
        live, head = values.get("live"), values.get("history")
        if live is None or head is None or live == head:
            continue
        if difference.property != "presence" or (live, head) != (PRESENT, ABSENT):
            return ()
        more.append(f"{difference.kind} {difference.subject}")
    return tuple(more)


def _place(seen: StampSighting) -> str:
    if not seen.commit:
        return f"in {seen.path}, which Alembic does not read"
    where = f"in {seen.ref} (commit {seen.commit})" if seen.ref else f"in commit {seen.commit}"
    return f"{where} as {seen.path}"


def _restoring(seen: StampSighting, history: History) -> str:
    """The command that brings the files back."""
    if seen.commit:
        return f"`{shlex.join(('git', 'checkout', seen.ref or seen.commit, '--', *seen.paths))}`"
    if seen.path.endswith(".pyc"):
        return f"its source is gone, `git log --all -S {seen.revision}` may have it"
    folder = next((PurePosixPath(r.location.path).parent for r in history.revisions), "versions")
    name = PurePosixPath(seen.path).name.partition(".")[0]
    return f"`{shlex.join(('mv', seen.path, f'{folder}/{name}.py'))}`"


def _evidence(seen: StampSighting | None) -> dict[str, object]:
    if seen is None:
        return {}
    return {
        "path": seen.path,
        "commit": seen.commit,
        "ref": seen.ref,
        "continues": seen.continues,
        "revisions": list(seen.steps),
    }


def _listed(named: tuple[str, ...]) -> str:
    more = len(named) - _SHOWN
    return ", ".join(named[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


B = Severity.BLOCKER
CHECKS: tuple[Check, ...] = (
    Check(
        "HIS013",
        "stamp-unknown",
        B,
        stamp_unknown,
        needs=("stamps",),
        uses=("sightings",),
        each_history=True,
    ),
    Check(
        "HIS029",
        "stamp-ahead",
        B,
        stamp_ahead,
        needs=("stamps",),
        uses=("sightings",),
        each_history=True,
    ),
)
