"""HIS: several migration systems in one project, and ids that two of them claim."""

from __future__ import annotations

from collections.abc import Iterator

from pgassay.analysis.rival_histories import rival_groups, version_table
from pgassay.check import Check
from pgassay.facts.assay import Assay
from pgassay.facts.history import History
from pgassay.findings import Finding, Severity


def rivals_in(assay: Assay) -> tuple[tuple[History, ...], ...]:
    """The groups of histories that stamp the same version table of the same database."""
    return rival_groups(assay.project.histories, assay.known_builds)


def two_systems(check: Check, assay: Assay) -> Iterator[Finding]:
    """Two migration systems stamp the same version table.

    What:
      The project holds more than one migration history, and they write their state into the same
      version table of the same database. Histories with version tables of their own are not
      reported, nor those that ask for different databases and have no table in common.

    Why:
      A database can follow only one. The row that one history writes makes the other fail
      ("Can't locate revision") or, where both know the id, continue half-way.

    Fix:
      Choose the history that production follows, bring over what the other one adds as new
      revisions, and move the other one aside.

    Example:
      alembic/ with 0001 to 0006 and migrations/ with 0001 to 0007, both on alembic_version.
    """
    for rivals in rivals_in(assay):
        _, table = version_table(rivals[0], assay.known_builds.get(rivals[0].name))
        names = [h.name for h in rivals]
        counts = ", ".join(f"{h.name}/ ({len(h.revisions)} revisions)" for h in rivals)
        keep = assay.main.name if assay.main and assay.main.name in names else names[0]
        others = ", ".join(f"{n}/" for n in names if n != keep)
        yield check.finding(
            " + ".join(names),
            f"{len(rivals)} migration systems share the version table {table}: {counts}.",
            why="A database can follow only one of them: what one stamps, the other does not know "
            "or takes for its own, and continues half-way.",
            fix=f"Keep one (production follows {keep}/). Write what {others} adds as new revisions "
            f"in {keep}/, move {others} aside, then run `pgassay check` again.",
            location=next((h.env or h.ini for h in rivals if h.name != keep), None),
            evidence={"histories": {h.name: len(h.revisions) for h in rivals}, "table": table},
        )


def revision_id_reused(check: Check, assay: Assay) -> Iterator[Finding]:
    """One revision id stands for different contents.

    What:
      Two revision files have the same id and do different things: in two histories that share a
      version table, or in one history, where Alembic only warns and takes one of them.

    Why:
      The version table holds only the id. A database stamped with it may have either content, and
      the other history takes the stamp for its own and continues from there.

    Fix:
      Give one of them a new id, and correct the `down_revision` that names it. Databases stamped
      with the old id keep it only if that content was really applied.

    Example:
      alembic/versions/0001_initial.py and migrations/versions/0001_initial.py, both with
      revision = "0001_initial", creating different tables.
    """
    group = {h.name: rivals[0].name for rivals in rivals_in(assay) for h in rivals}
    places: dict[tuple[str, str], list[tuple[History, int]]] = {}
    for history in assay.project.histories:
        for index, revision in enumerate(history.revisions):
            key = (group.get(history.name, history.name), revision.id)
            places.setdefault(key, []).append((history, index))
    for (_, revision_id), claims in places.items():
        files = [h.revisions[i] for h, i in claims]
        owners = {h.name for h, _ in claims}
        if len(files) < 2 or (len(owners) > 1 and len({f.digest for f in files}) == 1):
            continue
        shown = " and ".join(str(f.location.path) for f in files)
        yield check.finding(
            revision_id,
            f"Revision id {revision_id!r} stands in {shown}, with different contents."
            if len({f.digest for f in files}) > 1
            else f"Revision id {revision_id!r} stands in {shown}.",
            why="The version table holds only the id, so a stamp of it does not tell which of them "
            "a database has; either history would continue from it.",
            fix=f"Give the one in {files[-1].location.path} a new `revision`, and change the "
            f"`down_revision` of what follows it.",
            location=files[-1].location,
            evidence={"files": [str(f.location) for f in files]},
        )


B = Severity.BLOCKER
CHECKS: tuple[Check, ...] = (
    Check("HIS001", "two-migration-systems", B, two_systems, uses=("builds",)),
    Check("HIS002", "revision-id-reused", B, revision_id_reused, uses=("builds",)),
)
