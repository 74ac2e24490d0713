"""HIS: what the application does to the schema when it starts."""

from __future__ import annotations

from collections.abc import Iterator

from pgassay.check import Check
from pgassay.facts.assay import Assay
from pgassay.findings import Finding, Severity


def create_all_at_startup(check: Check, assay: Assay) -> Iterator[Finding]:
    """The application creates its tables itself when it starts, beside a migration history.

    What:
      `create_all()` runs at the top level of the application's module, in its factory, its
      lifespan or a start-up event, and the project has a migration history. What stands behind a
      switch such as `if settings.debug:`, tests and scripts are not reported.

    Why:
      A new table is then there before its revision is applied, which fails on it; and what
      `create_all()` leaves alone, such as a new column of an old table, is in nobody's database.

    Fix:
      Take the call out, and let `alembic upgrade head` make the tables before the application
      starts.

    Example:
      Base.metadata.create_all(bind=engine) below app = FastAPI(), beside alembic/.
    """
    if not assay.project.histories:
        return
    name = (assay.main or assay.project.histories[0]).name
    for call in assay.project.startup_calls:
        if call.what != "create_all":
            continue
        yield check.finding(
            str(call.location),
            f"{call.location} creates the models' tables whenever the application starts (in "
            f"{call.how}), beside {name}/.",
            why="A new table is there before the revision that creates it, which then fails; and "
            "what create_all() does not change is missed.",
            fix="Take it out, and run `alembic upgrade head` before the application starts.",
            location=call.location,
            evidence={"how": call.how, "hook": str(call.hook)},
        )


def migrations_in_every_worker(check: Check, assay: Assay) -> Iterator[Finding]:
    """Several processes run the same migrations at the same time.

    What:
      Migrations run in the application's start-up code, so in each of its workers; or in the
      container of a service or deployment that is run more than once side by side. A job or
      container that migrates once, and an advisory lock around the migration, are not reported.

    Why:
      Alembic takes no lock: two workers that start together apply the same revision twice, and
      one of them fails on what the other has made, or waits for its locks with the old and the new
      code both serving.

    Fix:
      Migrate in one job before the workers start (a release command, an init job), or take
      pg_advisory_xact_lock() in env.py.

    Example:
      command.upgrade(config, "head") in the lifespan of an application with four workers.
    """
    for call in assay.project.startup_calls:
        if call.what == "migrate" and not call.locked:
            yield check.finding(
                str(call.location),
                f"{call.location} runs the migrations in {call.how}: every worker and every "
                "replica runs them when it starts.",
                why=_RACE,
                fix=_ONCE,
                location=call.location,
                evidence={"how": call.how, "hook": str(call.hook)},
            )
    for entry in assay.project.entry_points:
        if entry.copies > 1 and not entry.locked:
            yield check.finding(
                str(entry.location),
                f"{entry.location} runs `{entry.command}` in {entry.unit}, which is run "
                f"{entry.copies} times side by side.",
                why=_RACE,
                fix=_ONCE,
                location=entry.location,
                evidence={"unit": entry.unit, "copies": entry.copies},
            )


_RACE = (
    "Alembic takes no lock: two that start together apply the same revision twice, and one fails "
    "on what the other has made."
)
_ONCE = (
    "Migrate in one job before the workers start, or take pg_advisory_xact_lock() in env.py before "
    "the revisions run."
)

W = Severity.WARNING
CHECKS: tuple[Check, ...] = (
    Check("HIS019", "create-all-at-startup", W, create_all_at_startup),
    Check("HIS020", "migrations-in-every-worker", W, migrations_in_every_worker),
)
