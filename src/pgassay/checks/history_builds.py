"""HIS: what executing the histories on scratch showed."""

from __future__ import annotations

from collections.abc import Iterator

from pgassay.analysis.ignored_url import ignored_url
from pgassay.analysis.managed_services import SUPABASE
from pgassay.analysis.missing_object import schema_of_missing
from pgassay.analysis.revision_graph import revision_graph
from pgassay.check import Check
from pgassay.checks.sql_system_builds import sql_not_buildable
from pgassay.facts.assay import Assay
from pgassay.facts.history import Build, BuildFailure, Salvage
from pgassay.findings import Finding, Severity


def not_buildable(check: Check, assay: Assay) -> Iterator[Finding]:
    """A history cannot be built from scratch.

    What:
      Executed through the project's own env.py on an empty database, a revision failed; or, of an
      SQL system executed as its tool does, a file. The finding names the revision or file, the
      statement and the object that was missing.

    Why:
      No new environment, no test database and no recovery can be made from this history, and the
      schema it claims to describe is not known. Offline mode (`--sql`) does not show this.

    Fix:
      Make the history complete in itself: add what creates the missing object, before this
      revision; or bring this revision over into the history that creates it.

    Example:
      0002_subscription_plan_dates alters subscriptions, which no revision of its history creates.
    """
    for build in assay.known_builds.values():
        for number, found in enumerate(_failures(build)):
            yield _not_buildable(check, build, found, is_first=number == 0)
    yield from sql_not_buildable(check, assay)


def _failures(build: Build) -> list[list[BuildFailure]]:
    """Those of each revision, in order; the first is where the history stops today."""
    first = build.failure
    if first is None or any(o.revision == first.revision for o in build.outside):
        return []
    known = build.salvage.failures if isinstance(build.salvage, Salvage) else ()
    by_revision: dict[str, list[BuildFailure]] = {first.revision: [first]}
    for failure in known:
        together = by_revision.setdefault(failure.revision, [])
        if failure.error not in [f.error for f in together]:
            together.append(failure)
    return list(by_revision.values())


def _not_buildable(
    check: Check, build: Build, found: list[BuildFailure], *, is_first: bool
) -> Finding:
    failure, revision = found[0], found[0].revision
    missing = list(dict.fromkeys(f.missing_object for f in found if f.missing_object))
    needs = " and ".join(missing)
    others = [f.error for f in found if f.error != f"{f.missing_object} does not exist"]
    errors = f" ({'; '.join(others)})" if others else ""
    said = f"needs {needs}, which {'do' if len(missing) > 1 else 'does'} not exist"
    assumed = build.salvage.assumed if isinstance(build.salvage, Salvage) else ()
    sources = {a.missing: a.source for a in assumed if a.missing in missing}
    owners = ", ".join(dict.fromkeys(sources.values()))
    if is_first:
        why = "No new environment, test database or recovery can be made from this history"
        why += (
            "."
            if isinstance(build.salvage, Salvage)
            else ", and nothing after this revision has ever been seen to work."
        )
    else:
        why = "Hidden behind the failure before it: seen once that was helped or left out."
    return check.finding(
        f"{build.history}: {revision}",
        f"{build.history}/ cannot be built from scratch: revision {revision} "
        + (said if missing else "fails")
        + f"{errors}.",
        why=why,
        fix=(
            f"Add a revision that creates {needs} before {revision}"
            + (f" (as {owners} has it)" if owners else "")
            + f", or bring {revision} into the history that creates it."
            + _of_service(missing)
            if missing
            else f"Correct {revision}, then run `pgassay check` again."
        ),
        location=failure.location,
        evidence={
            "revision": revision,
            "missing_object": failure.missing_object,
            "error": failure.error,
            "statement": failure.statement,
            "assumed": sources,
            "more_errors": [f.error for f in found[1:]],
        },
        particulars=missing or [failure.error],
    )


def _of_service(missing: list[str]) -> str:
    """What to do where a managed service may make it."""
    schemas = sorted({schema_of_missing(m) for m in missing} & {*SUPABASE.schemas})
    if not schemas:
        return ""
    return (
        f"\nIf Supabase makes {' and '.join(schemas)}: `pgassay check --database-url` with its "
        "database, and scratch stands in for it."
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
    for build in assay.known_builds.values():
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
      set, asked for another database (usually the URL in alembic.ini), maybe of another dialect. A
      warning where the URL is no ini's and no code is seen to read the variable.

    Why:
      Who sets the variable and runs `alembic upgrade`, such as a CI job, migrates a database that
      they did not name. It may be production. The finding names what sets it and migrates.

    Fix:
      In env.py: config.set_main_option("sqlalchemy.url", os.environ["DATABASE_URL"].replace(
      "%", "%%")), and take the URL out of alembic.ini.

    Example:
      CI sets DATABASE_URL to its service container; env.py reads sqlalchemy.url of alembic.ini.
    """
    for build in assay.known_builds.values():
        history = next(h for h in assay.project.histories if h.name == build.history)
        ignored = ignored_url(assay.project, history, build)
        if ignored is None:
            continue
        variables, used = ignored.variables, ignored.used_at
        names = " or ".join(v.name for v in variables)
        place = build.requested_url.partition("://")[2].rpartition("@")[2]
        from_ini = any(place in h.url for h in assay.project.histories)
        env = history.env.path if history.env else history.name
        shown = f"used at {', '.join(str(p) for p in used[:3])}"
        if ignored.misled:
            shown = f"set for the migration at {ignored.misled[0].location}; {shown}"
        yield check.finding(
            env,
            f"{env} ignores {names} ({shown}) and connects to {build.requested_url}.",
            why="Whoever sets the variable and runs the migration, such as CI, migrates a database "
            "they did not name.",
            fix=f'In {env}: `config.set_main_option("sqlalchemy.url", '
            f'os.environ["{variables[0].name}"].replace("%", "%%"))`, and take the URL out of '
            f"{history.ini.path if history.ini else 'the ini file'}.",
            location=history.env,
            # A variable that is set and never read may be for something else, unless what sets it
            # runs the migrations.
            severity=Severity.BLOCKER
            if from_ini or ignored.is_read or ignored.misled
            else Severity.WARNING,
            evidence={
                "requested": build.requested_url,
                "variables": [v.name for v in variables],
                "used_at": [str(p) for p in used],
                "entry_points": [f"{e.location}: {e.command}" for e in ignored.misled],
            },
        )


B = Severity.BLOCKER
CHECKS: tuple[Check, ...] = (
    Check(
        "HIS010", "history-not-buildable", B, not_buildable, needs=("builds",), uses=("sql_runs",)
    ),
    Check("HIS011", "revision-acts-outside", B, acts_outside, needs=("builds",)),
    Check("HIS012", "env-ignores-database-url", B, ignores_database_url, needs=("builds",)),
)
