"""HIS: what executing the histories showed, and what the live database's stamp says."""

from __future__ import annotations

from collections.abc import Iterator

from pgassay.analysis.revision_graph import revision_graph
from pgassay.check import Check
from pgassay.checks.histories import build_of
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import Catalog
from pgassay.facts.history import Build, History, Stamp
from pgassay.findings import Finding, Severity


def not_buildable(check: Check, assay: Assay) -> Iterator[Finding]:
    """A history cannot be built from scratch.

    What:
      Executed through the project's own env.py on an empty database, a revision failed. The
      finding names the revision, the statement and the object that was missing.

    Why:
      No new environment, no test database and no recovery can be made from this history, and the
      schema it claims to describe is not known. Offline mode (`--sql`) does not show this.

    Fix:
      Make the history complete in itself: add what creates the missing object, before this
      revision; or bring this revision over into the history that creates it.

    Example:
      0002_subscription_plan_dates alters subscriptions, which no revision of its history creates.
    """
    for build in _builds(assay):
        failure = build.failure
        if failure is None or any(o.revision == failure.revision for o in build.outside):
            continue
        missing = failure.missing_object
        yield check.finding(
            f"{build.history}: {failure.revision}",
            f"{build.history}/ cannot be built from scratch: revision {failure.revision} "
            + (f"needs {missing}, which does not exist" if missing else "fails")
            + f" ({failure.error}).",
            why="No new environment, test database or recovery can be made from this history, and "
            "nothing after this revision has ever been seen to work.",
            fix=(
                f"Add a revision that creates {missing} before {failure.revision}, or bring "
                f"{failure.revision} into the history that creates it."
                if missing
                else f"Correct {failure.revision}, then run `pgassay check` again."
            ),
            location=failure.location,
            evidence={
                "revision": failure.revision,
                "missing_object": missing,
                "error": failure.error,
                "statement": failure.statement,
            },
        )


def acts_outside(check: Check, assay: Assay) -> Iterator[Finding]:
    """A revision reaches past the connection it was given.

    What:
      While it ran, a revision opened a connection of its own to some server, or started a database
      client such as psql. The scratch run refused it.

    Why:
      It acts on a server that no one named, outside the migration's transaction: it is not rolled
      back with it, not rehearsed, and may be production when a test database is migrated.

    Fix:
      Use `op.execute()` or `op.get_bind()` in the revision.

    Example:
      subprocess.run(["psql", "-h", "db.example.com", "-f", "patch.sql"]) inside upgrade().
    """
    for build in _builds(assay):
        history = next(h for h in assay.project.histories if h.name == build.history)
        files = revision_graph(history).by_id
        for attempt in dict.fromkeys(build.outside):
            revision = files.get(attempt.revision)
            yield check.finding(
                f"{build.history}: {attempt.revision}",
                f"Revision {attempt.revision} reaches for {attempt.what}, past the connection it "
                "was given.",
                why="It acts on a server nobody named, outside the migration's transaction; what "
                "it does there cannot be rehearsed or rolled back.",
                fix="Do the same through `op.execute()` or `op.get_bind()`.",
                location=revision.location if revision else None,
                evidence={"what": attempt.what},
            )


def ignores_database_url(check: Check, assay: Assay) -> Iterator[Finding]:
    """env.py connects elsewhere than the application.

    What:
      The project names its database by an environment variable, but env.py, run with that variable
      set, asked for another database (usually the URL in alembic.ini).

    Why:
      Who sets the variable and runs `alembic upgrade`, such as a CI job, migrates a database that
      they did not name. It may be production.

    Fix:
      In env.py: config.set_main_option("sqlalchemy.url", os.environ["DATABASE_URL"].replace(
      "%", "%%")), and take the URL out of alembic.ini.

    Example:
      CI sets DATABASE_URL to its service container; env.py reads sqlalchemy.url of alembic.ini.
    """
    variables = [
        v
        for v in assay.project.url_variables
        if not v.name.startswith("TEST") and (v.read_at or v.set_at)
    ]
    if not variables:
        return
    names = " or ".join(v.name for v in variables)
    places = [*(p for v in variables for p in v.read_at), *(p for v in variables for p in v.set_at)]
    for build in _builds(assay):
        history = next(h for h in assay.project.histories if h.name == build.history)
        used = [p for p in places if history.env is None or p.path != history.env.path]
        if not build.requested_url or build.url_variable or not used:
            continue
        shown = ", ".join(str(p) for p in used[:3])
        env = history.env.path if history.env else history.name
        yield check.finding(
            env,
            f"{env} ignores {names} (used at {shown}) and connects to {build.requested_url}.",
            why="Whoever sets the variable and runs the migration, such as CI, migrates a database "
            "they did not name.",
            fix=f'In {env}: `config.set_main_option("sqlalchemy.url", '
            f'os.environ["{variables[0].name}"].replace("%", "%%"))`, and take the URL out of '
            f"{history.ini.path if history.ini else 'the ini file'}.",
            location=history.env,
            evidence={
                "requested": build.requested_url,
                "variables": [v.name for v in variables],
                "used_at": [str(p) for p in used],
            },
        )


def stamp_unknown(check: Check, assay: Assay) -> Iterator[Finding]:
    """The database is stamped with a revision that the history does not have.

    What:
      A row of the version table names an id that is in no file of the history production follows.

    Why:
      `alembic upgrade` stops with "Can't locate revision", and what the database really holds is
      not known from the files.

    Fix:
      Restore the file from version control; or find which revision the schema equals, and
      `alembic stamp` it.

    Example:
      A history was squashed after deployment; production is still stamped with 0004_old.
    """
    for stamp, history, revisions in _stamped(assay):
        graph = revision_graph(history)
        for revision in revisions:
            if graph.full_id(revision) in graph.by_id or _may_be_computed(history):
                continue
            others = [
                h.name
                for h in assay.project.histories
                if h.name != history.name and any(r.id == revision for r in h.revisions)
            ]
            known = f"; {', '.join(f'{o}/' for o in others)} has it" if others else ""
            yield check.finding(
                f"{stamp.table}: {revision}",
                f"{stamp.table} is stamped {revision!r}, which no file in {history.name}/ "
                f"has{known}.",
                why="`alembic upgrade` stops at once, and the files do not tell what this database "
                "holds.",
                fix=f"Restore its file (`git log --all -S {revision}`), or find the revision the "
                "schema equals (`pgassay check` lists the drift) and `alembic stamp` that.",
                location=history.ini or history.env,
                evidence={"stamp": revision, "known_to": others},
            )


def _may_be_computed(history: History) -> bool:
    """Whether a file's id is known only to those who execute it."""
    return any(u.computed for u in history.unreadable)


def stamp_behind(check: Check, assay: Assay) -> Iterator[Finding]:
    """Revisions are pending.

    What:
      The database's stamp is before the history's head.

    Why:
      The next `alembic upgrade head` will execute these revisions, in one transaction unless
      env.py says otherwise. Code that counts on them must not be deployed before.

    Fix:
      Judge the pending revisions, then `alembic upgrade head`.

    Example:
      Production is at 0004; the files go to 0006.
    """
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
    made = assay.history.tables if isinstance(assay.history, Catalog) else ()
    names = {t.table_name for t in made}
    there = [t for t in assay.live.tables if t.table_name in names] if names else assay.live.tables
    for stamp in assay.stamps:
        if stamp.revisions or not there or assay.main is None:
            continue
        state = "does not exist" if stamp.revisions is None else "is empty"
        yield check.finding(
            stamp.table,
            f"{stamp.table} {state}, yet the database holds {len(there)} tables of "
            f"{assay.main.name}/.",
            why="`alembic upgrade` would begin at the first revision and fail on the first table "
            "that is already there.",
            fix="Find the revision that this schema equals and run `alembic stamp REVISION`.",
            location=assay.main.ini or assay.main.env,
            evidence={"tables": len(there)},
        )


def _builds(assay: Assay) -> list[Build]:
    names = [h.name for h in assay.project.histories]
    return [b for b in (build_of(assay, n) for n in names) if b is not None]


def _stamped(assay: Assay) -> Iterator[tuple[Stamp, History, tuple[str, ...]]]:
    """The stamps of the history that production follows, where there are any rows."""
    stamps = assay.stamps if isinstance(assay.stamps, tuple) else ()
    for stamp in stamps:
        if assay.main is not None and stamp.revisions:
            yield stamp, assay.main, stamp.revisions


B = Severity.BLOCKER
CHECKS: tuple[Check, ...] = (
    Check("HIS010", "history-not-buildable", B, not_buildable, needs=("builds",)),
    Check("HIS011", "revision-acts-outside", B, acts_outside, needs=("builds",)),
    Check("HIS012", "env-ignores-database-url", B, ignores_database_url, needs=("builds",)),
    Check("HIS013", "stamp-unknown", B, stamp_unknown, needs=("stamps",)),
    Check("HIS014", "stamp-behind", Severity.WARNING, stamp_behind, needs=("stamps",)),
    Check("HIS015", "stamp-overlapping", B, stamp_overlapping, needs=("stamps",)),
    Check("HIS016", "stamp-missing", B, stamp_missing, needs=("stamps", "live"), uses=("history",)),
)
