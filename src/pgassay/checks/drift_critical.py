"""DRF007, DRF008: the tables that must be there and hold rows."""

from __future__ import annotations

from collections.abc import Iterator

from pgassay.analysis import drift_repair as repair
from pgassay.analysis.alembic_operations import alembic_command
from pgassay.check import Check
from pgassay.facts.assay import Assay
from pgassay.findings import Finding


def find_critical_table_missing(check: Check, assay: Assay) -> Iterator[Finding]:
    """A table that must exist does not.

    What:
      The configuration lists the table under `critical.tables`, and the live database has none of
      that name.

    Why:
      The application cannot work without it; and a database without it may be the wrong one.

    Fix:
      See that the URL names the right database. Then run the pending revisions, or restore it.

    Example:
      critical.tables has "users", and no schema holds a table of that name.
    """
    for row in assay.critical_rows if isinstance(assay.critical_rows, tuple) else ():
        if not row.present:
            upgrade = alembic_command(assay.main, "upgrade head")
            yield check.finding(
                row.name,
                f"The critical table {row.name} does not exist"
                + (f": {row.reason}." if row.reason else "."),
                why="The application cannot work without it; and a database that lacks it may be "
                "the wrong one.",
                fix="See that the URL names the right database. If a pending revision makes the "
                f"table:\n{repair.code([upgrade])}\nOtherwise restore it from a backup.",
                evidence={"kind": "table", "present": False},
            )


def find_critical_table_empty(check: Check, assay: Assay) -> Iterator[Finding]:
    """A table that must hold rows is empty.

    What:
      The configuration lists the table under `critical.tables`, and it holds no row.

    Why:
      The data was lost, or this is not the production database. A deployment on top of it makes
      either harder to undo.

    Fix:
      See that the URL names the right database. Then restore the table from the last backup that
      has its rows. If it may be empty, take it from `critical.tables`.

    Example:
      critical.tables has "users", and SELECT EXISTS (SELECT 1 FROM public.users) says false.
    """
    for row in assay.critical_rows if isinstance(assay.critical_rows, tuple) else ():
        if row.present and row.has_rows is False:
            yield check.finding(
                row.name,
                f"The critical table {row.name} is empty.",
                why="Its data was lost, or this is not the production database; a deployment on "
                "top of it makes either harder to undo.",
                fix="See that the URL names the right database; then restore the table from the "
                "last backup that has its rows. If it may be empty, take it from "
                "`critical.tables`.",
                evidence={"kind": "table", "present": True, "has_rows": False},
            )
