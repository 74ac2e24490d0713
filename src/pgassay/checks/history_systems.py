"""HIS: several migration systems in one project, and ids that two of them claim."""

from __future__ import annotations

from collections.abc import Iterator

from pgassay.analysis.rival_histories import rival_groups, version_table
from pgassay.analysis.shared_objects import Sharing, System, sharing
from pgassay.check import Check
from pgassay.facts.assay import Assay
from pgassay.facts.history import History
from pgassay.facts.location import Location
from pgassay.findings import Finding, Severity


def rivals_in(assay: Assay) -> tuple[tuple[History, ...], ...]:
    """The groups of histories that stamp the same version table of the same database."""
    return rival_groups(assay.project.histories, assay.known_builds)


def two_systems(check: Check, assay: Assay) -> Iterator[Finding]:
    """Two migration systems look after the same database objects, or stamp the same version table.

    What:
      The project holds more than one migration system (Alembic, Flyway, golang-migrate, goose,
      dbmate, Supabase, Prisma, Django, yoyo, peewee-migrate, numbered SQL), and two of them create
      or alter the same tables, views, functions or types, whatever their version tables; or two
      Alembic histories stamp the same one. Each is executed on a scratch database of its own, and
      the server names what it touches; where that could not be, the text is read, and the finding
      says so. Not reported are systems for another kind of database, those known to be for
      different databases, and SQL files that an Alembic revision runs itself. Of two sub-projects
      that do not say whether they share a database it is said as information.

    Why:
      A database can follow only one. What one has made, the other makes again and fails, or
      alters behind its back. With a shared version table, the row that one history writes makes
      the other fail ("Can't locate revision") or, where both know the id, continue half-way.

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
    rivals_by_name = [{h.name for h in rivals} for rivals in rivals_in(assay)]
    for shared in sharing(assay.project, assay.known_builds, assay.known_runs):
        pair = {s.name for s in shared.systems}
        if not any(pair <= group for group in rivals_by_name):
            yield _same_objects(check, assay, shared)


def _same_objects(check: Check, assay: Assay, shared: Sharing) -> Finding:
    """Two systems that make the same things, each with a state of its own."""
    one, other = shared.systems
    keep, move = (other, one) if assay.main and assay.main.name == other.name else (one, other)
    by = dict(zip((one.name, other.name), shared.owners, strict=True))
    what = [name if kind == "table" else f"{kind} {name}" for kind, name in shared.objects]
    more = f" and {len(what) - 5} more" if len(what) > 5 else ""
    how = (
        "The server named them when each was run on scratch."
        if shared.executed
        else "Read from the text of "
        + " and ".join(f"{n}/" for n, o in by.items() if not o.executed.issuperset(shared.objects))
        + ", which was not executed or failed."
    )
    place = next((by[move.name].objects[o] for o in shared.objects if by[move.name].objects[o]), "")
    apart = (
        " Each is in a sub-project of its own; nothing says whether they are for one database."
        if shared.apart
        else ""
    )
    return check.finding(
        f"{one.name} + {other.name}",
        f"{_kind(one)} {one.name}/ and {_kind(other)} {other.name}/ both create or alter "
        f"{', '.join(what[:5])}{more}. {how}{apart}",
        why="A database can follow only one of them: what one has made, the other makes again and "
        "fails, or changes behind its back.",
        fix=f"Let one of them look after each object. To keep {keep.name}/, write what "
        f"{move.name}/ adds as new migrations there and move {move.name}/ aside."
        + (
            " If they are for different databases, put one under [project] exclude."
            if shared.apart
            else ""
        ),
        location=_location(move, place),
        severity=Severity.INFO if shared.apart else None,
        evidence={
            "systems": {s.name: _kind(s) for s in shared.systems},
            "objects": what,
            "executed": shared.executed,
            "by": {
                n: sorted({o.objects[thing] for thing in shared.objects} - {""})
                for n, o in by.items()
            },
        },
        particulars=[" ".join(thing) for thing in shared.objects],
    )


def _kind(system: System) -> str:
    return "Alembic" if isinstance(system, History) else system.kind


def _location(system: System, by: str) -> Location | None:
    """The file that touched it, as far as that is known; else the system's first."""
    if isinstance(system, History):
        made = next((r.location for r in system.revisions if r.id == by), None)
        return made or system.env or system.ini
    files = [f.location for f in system.files]
    return next((f for f in files if f.path == by), files[0] if files else None)


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
    Check("HIS001", "two-migration-systems", B, two_systems, uses=("builds", "sql_runs")),
    Check("HIS002", "revision-id-reused", B, revision_id_reused, uses=("builds",)),
)
