"""HIS010 for SQL systems: a file fails when its system is run on an empty database."""

from __future__ import annotations

from collections.abc import Iterator

from pgassay.check import Check
from pgassay.facts.assay import Assay
from pgassay.facts.sql_run import SqlFailure, SqlRun
from pgassay.findings import Finding


def sql_not_buildable(check: Check, assay: Assay) -> Iterator[Finding]:
    """One finding for each file with a statement that fails by itself."""
    for run in assay.known_runs.values():
        by_file: dict[str, list[SqlFailure]] = {}
        for failure in run.defects:
            by_file.setdefault(failure.location.path, []).append(failure)
        for path, failures in by_file.items():
            yield _finding(check, run, path, failures)


def _finding(check: Check, run: SqlRun, path: str, failures: list[SqlFailure]) -> Finding:
    first = failures[0]
    missing = list(dict.fromkeys(f.missing_object for f in failures if f.missing_object))
    errors = list(dict.fromkeys(f"line {f.location.line}: {f.error}" for f in failures))
    more = f" (and {len(errors) - 3} more)" if len(errors) > 3 else ""
    within = path.removeprefix(f"{run.name}/")
    return check.finding(
        f"{run.name}: {within}",
        f"{run.name}/ cannot be built from scratch: {within} fails "
        f"({'; '.join(errors[:3])}){more}.",
        why="No new environment, test database or recovery can be made from this history.",
        fix=f"Add what creates {' and '.join(missing)} before {within}, or bring {within} into the "
        "history that creates it."
        if missing
        else f"Correct {within}, then run `pgassay check` again.",
        location=first.location,
        evidence={
            "missing_objects": missing,
            "failures": [
                {"at": str(f.location), "statement": f.statement, "error": f.error}
                for f in failures
            ],
        },
    )
