"""HIS: SQL scripts beside the migration systems."""

from __future__ import annotations

from collections.abc import Iterator

from pgassay.analysis.missing_object import schema_of_missing
from pgassay.check import Check
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import Catalog, Schema
from pgassay.facts.sql_run import SqlFailure, SqlRun
from pgassay.facts.unavailable import Unavailable
from pgassay.findings import Finding, Severity


def sql_file_fails(check: Check, assay: Assay) -> Iterator[Finding]:
    """An SQL script fails against the schema that the history builds.

    What:
      Each statement of each SQL file that belongs to no migration system, and of each
      here-document that a shell script hands to psql, was run on a copy of the schema that the
      main history builds, and undone. One failed, since what it names is not there or it is no
      SQL that this server knows. A statement that fails only because what it makes is there
      already is not reported, nor one that works once the other scripts have run, nor one that
      fails for want of rows, nor one about a schema that the live database has and the history
      knows nothing of. Documentation, tests, seeds, dumps and templates are not run.

    Why:
      psql goes on after an error and exits 0, so nobody sees that such a script does only half of
      what it says. It was written for another schema than the history makes.

    Fix:
      Correct the script, or remove it; make what it should do a revision of the history.

    Example:
      scripts/fix_ledger.sql updates ledger_entries, which 0007 renamed to entries.
    """
    assert isinstance(assay.loose_runs, tuple)
    on = f"{assay.main.name}/" if assay.main else f"{assay.project.systems[0].name}/"
    only_live = _schemas(assay.live) - _schemas(assay.history)
    for run in assay.loose_runs:
        if isinstance(run, SqlRun):
            by_error: dict[tuple[str, str], list[SqlFailure]] = {}
            for failure in run.defects:
                if schema_of_missing(failure.missing_object) in only_live:
                    continue
                by_error.setdefault((failure.location.path, failure.error), []).append(failure)
            for failures in by_error.values():
                yield _finding(check, failures, on)


def _schemas(catalog: Catalog | Unavailable | None) -> set[str]:
    return {s.name for s in catalog.of(Schema)} if isinstance(catalog, Catalog) else set()


def _finding(check: Check, failures: list[SqlFailure], on: str) -> Finding:
    first = failures[0]
    statement = first.statement if len(first.statement) <= 100 else f"{first.statement[:97]}..."
    lines = ", ".join(str(f.location.line) for f in failures[1:6])
    more = " and further" if len(failures) > 6 else ""
    again = f" The same at line{'s' if len(failures) > 2 else ''} {lines}{more}." if lines else ""
    return check.finding(
        f"{first.location.path}: {first.missing_object or first.error}",
        f"`{statement}` fails on the schema that {on} builds: {first.error}.{again}",
        why="psql goes on after an error and exits 0, so nobody sees that the script does only "
        "half of what it says.",
        fix=f"Correct {first.location.path}, or remove it; what it should do belongs into a new "
        f"revision of {on}",
        location=first.location,
        evidence={
            "statement": first.statement,
            "error": first.error,
            "sqlstate": first.sqlstate,
            "missing_object": first.missing_object,
            "lines": [f.location.line for f in failures],
        },
    )


CHECKS: tuple[Check, ...] = (
    Check("HIS025", "sql-file-fails", Severity.WARNING, sql_file_fails, needs=("loose_runs",)),
)
