"""HIS: a stamp that more than one history takes for its own."""

from __future__ import annotations

from collections.abc import Iterator

from pgassay.analysis.alembic_operations import alembic_command
from pgassay.analysis.revision_graph import revision_graph
from pgassay.analysis.rival_histories import rival_groups
from pgassay.check import Check
from pgassay.facts.assay import Assay
from pgassay.facts.history import Build, History
from pgassay.findings import Finding, Severity

_SHOWN = 5


def stamp_in_two(check: Check, assay: Assay) -> Iterator[Finding]:
    """The database's stamp stands in two histories, and either would continue from it.

    What:
      The live database is stamped with a revision id that several histories have, which share its
      version table. The finding says what each one's upgrade would do now.

    Why:
      The row does not tell whose revision was applied. The wrong history's upgrade does not stop:
      it goes on from a schema that it never made, and leaves a stamp that the right one does not
      know.

    Fix:
      Find out whose schema the database has (the drift says it), and let only that history run
      until the two are one.

    Example:
      Stamped 0001_initial, which alembic/ and migrations/ both begin with.
    """
    stamps = assay.stamps if isinstance(assay.stamps, tuple) else ()
    groups = rival_groups(assay.project.histories, assay.known_builds)
    group = next((g for g in groups if assay.main in g), ())
    for stamp in stamps:
        for revision in stamp.revisions or ():
            having = [h for h in group if _has(h, revision)]
            if len({_meaning(h, revision) for h in having}) < 2:
                continue
            upgrades = "; ".join(_upgrade(h, revision, assay.known_builds) for h in having)
            names = " and ".join(f"{h.name}/" for h in having)
            yield check.finding(
                f"{stamp.table}: {revision}",
                f"{stamp.table} is stamped {revision!r}, which {names} both have: {upgrades}.",
                why="The row does not tell whose revision was applied; the wrong history's upgrade "
                "does not stop, and works on a schema that it never made.",
                fix="Compare the live schema with each (`pgassay schema diff live history`), let "
                "only the right one run, and make the two one: `pgassay history consolidate`.",
                location=having[-1].env or having[-1].ini,
                evidence={
                    "histories": {
                        h.name: list(revision_graph(h).pending([revision])) for h in having
                    }
                },
            )


def _has(history: History, revision: str) -> bool:
    graph = revision_graph(history)
    return graph.full_id(revision) in graph.by_id


def _meaning(history: History, revision: str) -> tuple[str, tuple[str, ...]]:
    """What the stamp says in this history: a copy of a history says the same."""
    graph = revision_graph(history)
    return graph.by_id[graph.full_id(revision)].digest, graph.pending([revision])


def _upgrade(history: History, revision: str, builds: dict[str, Build]) -> str:
    pending = revision_graph(history).pending([revision])
    run = f"`{alembic_command(history, 'upgrade heads')}`" if history.ini else "its upgrade"
    if not pending:
        return f"{history.name}/ has nothing left to run"
    listed = ", ".join(pending[:_SHOWN]) + (", ..." if len(pending) > _SHOWN else "")
    said = f"{history.name}/ ({run}) would run {len(pending)}: {listed}"
    failure = builds[history.name].failure if history.name in builds else None
    if failure is not None and failure.revision in pending:
        said += f", of which {failure.revision} fails from scratch"
    return said


CHECKS: tuple[Check, ...] = (
    Check(
        "HIS027",
        "stamp-in-two-histories",
        Severity.BLOCKER,
        stamp_in_two,
        needs=("stamps",),
        uses=("builds",),
    ),
)
