"""HIS: what the live database is stamped with."""

from __future__ import annotations

from collections.abc import Iterator

from pgassay.analysis.revision_graph import revision_graph
from pgassay.analysis.unstamped_tables import tables_there
from pgassay.check import Check
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import Catalog
from pgassay.facts.history import History, Stamp
from pgassay.findings import Finding, Severity


def stamp_behind(check: Check, assay: Assay) -> Iterator[Finding]:
    """Revisions are pending.

    What:
      The database's stamp is before the history's head, or the database is empty.

    Why:
      The next `alembic upgrade head` will execute these revisions, in one transaction unless
      env.py says otherwise. Code that counts on them must not be deployed before.

    Fix:
      Judge the pending revisions, then `alembic upgrade head`.

    Example:
      Production is at 0004; the files go to 0006.
    """
    yield from _all_pending(check, assay)
    for stamp, history, revisions in _stamped(assay):
        graph = revision_graph(history)
        if graph.cycles or any(graph.full_id(r) not in graph.by_id for r in revisions):
            continue
        pending = graph.pending(revisions)
        if pending:
            yield check.finding(
                f"{stamp.table}: {', '.join(revisions) or 'empty'}",
                f"{len(pending)} of {len(graph.by_id)} revisions of {history.name}/ are pending: "
                f"{', '.join(pending)}.",
                why="The next `alembic upgrade heads` executes them; code that counts on them "
                "fails before that.",
                fix="Review them, then run `alembic upgrade heads`.",
                location=graph.by_id[pending[0]].location,
                evidence={"pending": list(pending), "applied": sorted(graph.covered(revisions))},
                particulars=pending,
            )


def _all_pending(check: Check, assay: Assay) -> Iterator[Finding]:
    """None of its tables: what a first deployment meets, and what a mistyped URL leads to."""
    if assay.main is None or not isinstance(assay.live, Catalog) or assay.live.tables:
        return
    order = revision_graph(assay.main).order
    for stamp in assay.stamps if isinstance(assay.stamps, tuple) else ():
        if not stamp.revisions and order:
            yield check.finding(
                stamp.table,
                f"The live database has no table of {assay.main.name}/: all {len(order)} revisions "
                "are pending.",
                why="That is right before a first deployment; otherwise this is another database "
                "than the one that was meant.",
                fix="See that the URL names the right database, then run `alembic upgrade heads`.",
                location=assay.main.ini or assay.main.env,
                evidence={"pending": list(order)},
            )


def stamp_overlapping(check: Check, assay: Assay) -> Iterator[Finding]:
    """The version table holds a row too many.

    What:
      Two rows, and the revision of one is already covered by the other; or the same row twice.

    Why:
      `alembic upgrade` fails with "overlaps with other requested revisions", while `alembic
      current` goes on showing the head.

    Fix:
      Delete the row that the other one covers.

    Example:
      alembic_version holds 0004 and 0006, where 0006 follows 0004.
    """
    for stamp, history, revisions in _stamped(assay):
        graph = revision_graph(history)
        for index, revision in enumerate(revisions):
            above = [
                r
                for i, r in enumerate(revisions)
                if i != index
                and graph.full_id(revision) in graph.covered([r])
                and (r != revision or i < index)
            ]
            if above:
                remedy = f"DELETE FROM {stamp.table} WHERE version_num = '{revision}'"  # noqa: S608
                yield check.finding(
                    f"{stamp.table}: {revision}",
                    f"{stamp.table} holds {len(revisions)} rows; {revision!r} is already covered "
                    f"by {above[0]!r}.",
                    why="`alembic upgrade` fails on it, while `alembic current` shows nothing "
                    "wrong.",
                    fix=f"After looking who wrote it: `{remedy}`.",
                    location=history.ini or history.env,
                    evidence={"rows": list(revisions)},
                )


def stamp_missing(check: Check, assay: Assay) -> Iterator[Finding]:
    """The database has tables but no stamp.

    What:
      The version table does not exist or is empty, although the database holds tables that the
      history creates.

    Why:
      `alembic upgrade` begins at the first revision and fails on the first table that is there
      already.

    Fix:
      Find the revision that the schema equals and `alembic stamp` it.

    Example:
      A database restored without alembic_version, or built by create_all().
    """
    if not isinstance(assay.stamps, tuple) or not isinstance(assay.live, Catalog):
        return
    there = tables_there(assay)
    for stamp in assay.stamps:
        if stamp.revisions or not there or assay.main is None:
            continue
        state = "does not exist" if stamp.revisions is None else "is empty"
        fix = "Find the revision that this schema equals and run `alembic stamp REVISION`."
        if stamp.elsewhere:
            found = " and ".join(stamp.elsewhere)
            state += f" ({found} is not on the search path, so Alembic does not see it)"
            schema = stamp.elsewhere[0].rpartition(".")[0]
            fix = (
                f"If {found} is its version table: name it by version_table_schema={schema!r} in "
                f"env.py, or put {schema} on the role's search_path. Otherwise: {fix}"
            )
        yield check.finding(
            stamp.table,
            f"{stamp.table} {state}, yet the database holds {len(there)} "
            f"table{'s' * (len(there) > 1)} of {assay.main.name}/.",
            why="`alembic upgrade` would begin at the first revision and fail on the first table "
            "that is already there.",
            fix=fix,
            location=assay.main.ini or assay.main.env,
            evidence={"tables": len(there), "elsewhere": list(stamp.elsewhere)},
        )


def _stamped(assay: Assay) -> Iterator[tuple[Stamp, History, tuple[str, ...]]]:
    """The stamps of the history that production follows, where there are any rows."""
    stamps = assay.stamps if isinstance(assay.stamps, tuple) else ()
    for stamp in stamps:
        if assay.main is not None and stamp.revisions:
            yield stamp, assay.main, stamp.revisions


B = Severity.BLOCKER
CHECKS: tuple[Check, ...] = (
    Check(
        "HIS014",
        "stamp-behind",
        Severity.WARNING,
        stamp_behind,
        needs=("stamps",),
        uses=("live",),
        each_history=True,
    ),
    Check(
        "HIS015", "stamp-overlapping", B, stamp_overlapping, needs=("stamps",), each_history=True
    ),
    Check(
        "HIS016",
        "stamp-missing",
        B,
        stamp_missing,
        needs=("stamps", "live"),
        uses=("history",),
        each_history=True,
    ),
)
