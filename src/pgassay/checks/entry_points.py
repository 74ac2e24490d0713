"""HIS: what the scripts, jobs and containers that run migrations run, and on what."""

from __future__ import annotations

from collections.abc import Iterator

from pgassay.analysis.ignored_url import given_instead
from pgassay.analysis.rival_histories import rival_groups
from pgassay.check import Check
from pgassay.facts.assay import Assay
from pgassay.facts.entry_point import EntryPoint
from pgassay.facts.history import History
from pgassay.findings import Finding, Severity


def entry_points_disagree(check: Check, assay: Assay) -> Iterator[Finding]:
    """Scripts run different histories on one database, or one that is not there.

    What:
      Two places that run migrations (a script, a CI job, a container) run two histories that share
      a version table. Or one names an ini file, a section or a script directory that does not
      exist; that is a warning.

    Why:
      Which history a database follows then depends on who ran last: CI proves one and the deploy
      runs the other, which fails on the first one's stamp or continues half-way from it.

    Fix:
      Let every place run the history that production follows, with the same ini and section.

    Example:
      scripts/migrate.sh runs migrations/, and the CI job runs `alembic upgrade head`, which is
      alembic/.
    """
    for rivals in rival_groups(assay.project.histories, assay.known_builds):
        run = _run(assay, rivals)
        if len(run) < 2:
            continue
        main = assay.main.name if assay.main and assay.main.name in run else next(iter(run))
        shown = "; ".join(f"{places[0].location} runs {name}/" for name, places in run.items())
        others = [e for name, places in run.items() if name != main for e in places]
        yield check.finding(
            " + ".join(run),
            f"{len(run)} histories are run on one database: {shown}.",
            why="Which of them a database follows depends on who ran last, and neither knows what "
            "the other did.",
            fix=f"Let {', '.join(str(e.location) for e in others[:3])} run {main}/, which "
            "production follows.",
            location=others[0].location,
            evidence={
                "runs": {
                    name: [f"{e.location}: {e.command}" for e in places]
                    for name, places in run.items()
                }
            },
        )
    for entry in assay.project.entry_points:
        if entry.missing:
            yield check.finding(
                str(entry.location),
                f"{entry.location} runs `{entry.command}`, but {entry.missing}.",
                why="It fails whenever it is run, and what it should have migrated stays as it is.",
                fix="Name the history that production follows, or remove it.",
                location=entry.location,
                severity=Severity.WARNING,
                evidence={"command": entry.command, "unit": entry.unit},
            )


def other_database(check: Check, assay: Assay) -> Iterator[Finding]:
    """A job or script sets a database URL that the migration it runs does not look at.

    What:
      A CI job, container or service sets one URL variable and runs migrations whose env.py takes
      its URL from another one; or a script sets one for the very command that runs them. Run with
      only that variable set, env.py connected to another database. An env.py that takes no
      variable at all is HIS012. It is a warning where the other database is not the ini's, and in
      a script, where the variable that env.py takes may come from outside.

    Why:
      The job migrates a database that it does not name. It may be production.

    Fix:
      Set the variable that env.py takes, or let env.py read the one that is set. An env.py without
      a second choice stops instead: os.environ["NAME"].

    Example:
      CI sets DATABASE_URL; env.py has os.environ.get("MIGRATIONS_URL") or the ini's URL.
    """
    tried = {(t.history, t.variables): t for t in assay.urls_tried}
    for entry in assay.project.entry_points:
        build = assay.known_builds.get(entry.history)
        if build is None:
            continue
        given = given_instead(assay.project, entry, build.url_variable)
        seen = tried.get((entry.history, given))
        if not given or seen is None or seen.refused or seen.url_variable or not seen.requested_url:
            continue
        history = next(h for h in assay.project.histories if h.name == entry.history)
        env = history.env.path if history.env else history.name
        place = seen.requested_url.partition("://")[2].rpartition("@")[2]
        from_ini = any(place in h.url for h in assay.project.histories)
        names = " and ".join(sorted(given))
        sure = f", which is not set there, and connects to {seen.requested_url}"
        unless = f", and without that connects to {seen.requested_url}"
        yield check.finding(
            str(entry.location),
            f"{entry.location} sets {names} and runs `{entry.command}`, but {env} takes "
            f"{build.url_variable}{unless if entry.open else sure}.",
            why="It migrates a database that it does not name. It may be production.",
            fix=f"Set {build.url_variable} there, or let {env} read {names}.",
            location=entry.location,
            severity=Severity.BLOCKER if from_ini and not entry.open else Severity.WARNING,
            evidence={
                "requested": seen.requested_url,
                "taken": build.url_variable,
                "set": {v.name: str(v.location) for v in entry.variables if v.name in given},
            },
        )


def _run(assay: Assay, rivals: tuple[History, ...]) -> dict[str, list[EntryPoint]]:
    """The rivals that something runs, by name. What is handed a URL in code is for a database of
    its own, such as one that a script builds."""
    return {
        history.name: places
        for history in rivals
        if (
            places := [
                e
                for e in assay.project.entry_points
                if e.history == history.name and not e.sets_url
            ]
        )
    }


B = Severity.BLOCKER
CHECKS: tuple[Check, ...] = (
    Check("HIS017", "entry-points-disagree", B, entry_points_disagree, uses=("builds",)),
    Check(
        "HIS018",
        "entry-point-other-database",
        B,
        other_database,
        needs=("builds",),
        uses=("urls_tried",),
    ),
)
