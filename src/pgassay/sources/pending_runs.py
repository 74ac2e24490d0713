"""Running pending revisions on a scratch database that has what came before them."""

from __future__ import annotations

from collections.abc import Sequence

import psycopg

from pgassay.analysis.watched_statements import watched_statements
from pgassay.facts.catalog import Catalog
from pgassay.facts.history import History
from pgassay.facts.pending_run import PendingRun
from pgassay.facts.project import Project
from pgassay.facts.unavailable import Unavailable
from pgassay.postgres.scratch import Database
from pgassay.sources import watch
from pgassay.sources.assumed_roles import assume_role
from pgassay.sources.builds import build_history, build_of, version_table
from pgassay.sources.history_runs import Course, Place, Workshop, run_history


def run_pending(
    workshop: Workshop,
    project: Project,
    history: History,
    base: Sequence[str],
    revisions: Sequence[str],
    since: str,
    purpose: str,
) -> PendingRun | Unavailable:
    """Run `revisions`, which follow `base`, on the schema that the history makes up to there. What
    is committed there is so: a statement that needs that, or must not have it, shows. A role that
    is missing is made, and all of it is run again."""
    assumed: set[str] = set()
    while True:
        place = f"{purpose}_roles_{len(assumed)}" if assumed else purpose
        run = _run_once(workshop, project, history, base, revisions, since, place)
        failure = run.failure if isinstance(run, PendingRun) else None
        role = assume_role(workshop, project, (failure,)) if failure is not None else None
        if role is None or role.name in assumed:
            return run
        assumed.add(role.name)


def _run_once(
    workshop: Workshop,
    project: Project,
    history: History,
    base: Sequence[str],
    revisions: Sequence[str],
    since: str,
    purpose: str,
) -> PendingRun | Unavailable:
    needs = f"pending revisions of {history.name}"
    made = build_history(
        workshop, project, history, purpose, target=list(base) if base else "nothing"
    )
    if isinstance(made.build, Unavailable):
        return made.build
    if made.build.failure is not None or made.database is None:
        failure = made.build.failure
        said = f"revision {failure.revision} fails" if failure else "it could not be built"
        return Unavailable(needs, f"What they follow could not be made: {said}.", "See HIS010.")
    table = version_table(made.build)
    before = workshop.read_catalog(made.database, table)
    if isinstance(before, Unavailable):
        return before
    return _watched(workshop, project, history, made.database, base, revisions, since, before)


def _watched(
    workshop: Workshop,
    project: Project,
    history: History,
    database: Database,
    base: Sequence[str],
    revisions: Sequence[str],
    since: str,
    before: Catalog,
) -> PendingRun | Unavailable:
    needs = f"pending revisions of {history.name}"
    with database.connect(autocommit=True) as connection:
        if not watch.install(connection):
            return Unavailable(
                needs,
                "The scratch server's role is no superuser, so what statements do is not seen.",
                "Use a role that is one (in Supabase's local stack supabase_admin), or leave "
                "--scratch-url out.",
            )
    place = Place(database, is_logged=True, is_watched=True)
    outcome = run_history(workshop, project, history, Course("heads"), lambda: place)
    if isinstance(outcome, Unavailable):
        return outcome
    build = build_of(workshop, project, history, outcome)
    if isinstance(build, Unavailable):
        return build
    try:
        with database.connect(autocommit=True) as connection:
            commands, touches = watch.take(connection)
    except psycopg.Error as error:
        return Unavailable(
            needs,
            f"What they did could not be read: {error}.",
            "See whether a revision drops event triggers or the schema pgassay.",
        )
    for unseen in outcome.all("unwatched"):
        shown = " ".join(str(unseen["sql"]).split())[:80]
        return Unavailable(
            needs,
            f"What `{shown}` of {unseen['revision']} does could not be watched.",
            "Send it by op.execute() in a revision of its own, and run `pgassay check` again.",
        )
    own = version_table(build)
    statements = watched_statements(outcome.all("watched"), commands, touches, own)
    after = None
    if build.failure is None:
        read = workshop.read_catalog(database, own)
        if isinstance(read, Unavailable):
            return read
        after = read
    return PendingRun(
        history.name,
        since,
        tuple(base),
        tuple(revisions),
        statements,
        before,
        after,
        build.failure,
        build.outside,
    )
