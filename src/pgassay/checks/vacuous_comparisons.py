"""HIS: where comparing the models with the history proves nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from pgassay.check import Check
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import Catalog
from pgassay.facts.models import Models, ModelTable
from pgassay.findings import Finding, Severity


def create_all_in_migration(check: Check, assay: Assay) -> Iterator[Finding]:
    """A revision creates the tables from today's models.

    What:
      `upgrade()` calls `create_all()` on a MetaData that the revision file imports. One that the
      file makes itself, with its own Table()s, does not change and is not reported.

    Why:
      The revision makes whatever the models say on the day it is run. Models and history cannot
      differ in what it makes, so comparing them is vacuous; and a database of last year and a new
      one have different schemas at the same revision.

    Fix:
      Write the tables out with `op.create_table()` as they were when the revision was made.

    Example:
      Base.metadata.create_all(bind=op.get_bind()) in 0001_initial.
    """
    for history in assay.project.histories:
        for revision in history.revisions:
            if revision.creates_all is None:
                continue
            yield check.finding(
                f"{history.name}: {revision.id}",
                f"Revision {revision.id} calls create_all(): it makes what the models say today, "
                f"so comparing models with {history.name}/ is vacuous for what it makes.",
                why="It makes another schema whenever the models change, without a new revision: "
                "databases at the same stamp differ, and no comparison with a new build shows it.",
                fix="Write the tables out with op.create_table() as they were then.",
                location=revision.creates_all,
                evidence={"revision": revision.id},
            )


def models_not_imported(check: Check, assay: Assay) -> Iterator[Finding]:
    """env.py does not see all models.

    What:
      Files of the project write tables on the same declarative base as target_metadata, and
      target_metadata does not have them, since nothing that env.py imports imports these files.

    Why:
      What target_metadata lacks is compared with nothing: drift of these tables is not seen, and
      autogenerate proposes to drop them.

    Fix:
      Import the modules in env.py, or in the package that it imports.

    Example:
      app/models/invoice.py is imported by no one but the routes.
    """
    models = _models(assay)
    created = {t.name for t in models.catalog.tables}
    written = assay.project.model_tables
    bases = {w.base for w in written if w.base and w.table in created}
    missing = [w for w in written if w.base in bases and w.table not in created]
    if not missing:
        return
    modules = list(dict.fromkeys(w.location.path for w in missing))
    tables = list(dict.fromkeys(w.table for w in missing))
    env = _env(assay)
    yield check.finding(
        env,
        f"{env} does not import {_listed(modules)}: target_metadata lacks {_listed(tables)}, so "
        "comparing models is vacuous for them.",
        why="Drift of these tables is not seen, and autogenerate proposes to drop them.",
        fix=f"Import {_listed(modules)} in {env}, or in the package that it imports.",
        location=missing[0].location,
        evidence={"modules": modules, "tables": tables},
    )


def several_bases(check: Check, assay: Assay) -> Iterator[Finding]:
    """target_metadata holds one of several declarative bases.

    What:
      The project has more than one declarative base or MetaData with tables, and target_metadata
      has none of the tables of one of them. It is a warning where the history or the live database
      has these tables, and an info where the bases stand in one package and nothing else is known.
      Tables that another history makes are not reported.

    Why:
      The tables of the other base are compared with nothing, and autogenerate proposes to drop
      those that the database has.

    Fix:
      target_metadata = [Base.metadata, Other.metadata] in env.py, or one base for all.

    Example:
      app/audit.py has a declarative_base() of its own.
    """
    models = _models(assay)
    created = {t.name for t in models.catalog.tables}
    held = [w for w in assay.project.model_tables if w.base and w.table in created]
    known = {w.base for w in held}
    if not known:
        return
    here = _tables_of(assay.history) | _tables_of(assay.live)
    others = _made_by_others(assay)
    by_base: dict[str, list[ModelTable]] = {}
    for written in assay.project.model_tables:
        if written.base and written.base not in known:
            by_base.setdefault(written.base, []).append(written)
    for base, tables in by_base.items():
        names = list(dict.fromkeys(w.table for w in tables if w.table not in created))
        if not names or (set(names) <= others and not set(names) & here):
            continue
        is_here = bool(set(names) & here)
        if not is_here and not _together(base, held):
            continue
        env = _env(assay)
        yield check.finding(
            base,
            f"target_metadata of {env} holds {_listed(sorted(known))} and not {base}: comparing "
            f"models is vacuous for {_listed(names)}.",
            why="Drift of these tables is not seen"
            + (
                ", and autogenerate proposes to drop them."
                if is_here
                else ", and no revision is ever proposed for them."
            ),
            fix=f"In {env}: target_metadata = [..., the metadata of {base}]; or one base for all.",
            location=tables[0].location,
            severity=Severity.WARNING if is_here else Severity.INFO,
            evidence={"tables": names, "held": sorted(known)},
        )


def _models(assay: Assay) -> Models:
    assert isinstance(assay.models, Models)
    return assay.models


def _env(assay: Assay) -> str:
    if assay.settings.models.metadata:
        return assay.settings.models.metadata
    return assay.main.env.path if assay.main and assay.main.env else "env.py"


def _tables_of(catalog: object) -> set[str]:
    return {t.name for t in catalog.tables} if isinstance(catalog, Catalog) else set()


def _made_by_others(assay: Assay) -> set[str]:
    """The tables of the histories beside the main one."""
    main = assay.main.name if assay.main else ""
    return {
        name
        for build in assay.known_builds.values()
        if build.history != main
        for name in _tables_of(build.catalog)
    }


def _together(base: str, held: list[ModelTable]) -> bool:
    """Whether a base stands in a folder with the models that target_metadata has, or in one below
    or above: else it may well be another service's."""
    folder = PurePosixPath(base.partition(":")[0]).parent
    for written in held:
        other = PurePosixPath(written.location.path).parent
        inner, outer = sorted((folder, other), key=lambda p: len(p.parts), reverse=True)
        if inner == outer or (outer.parts and outer in inner.parents):
            return True
    return False


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - 4} more" if len(names) > 4 else ""
    return ", ".join(names[:4]) + more


W = Severity.WARNING
CHECKS: tuple[Check, ...] = (
    Check("HIS021", "create-all-in-migration", W, create_all_in_migration),
    Check("HIS022", "models-not-imported", W, models_not_imported, needs=("models",)),
    Check(
        "HIS023",
        "several-model-bases",
        W,
        several_bases,
        needs=("models",),
        uses=("builds", "history", "live"),
    ),
)
