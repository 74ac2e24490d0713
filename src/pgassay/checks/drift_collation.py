"""DRF013: text that is sorted by other rules than when its indexes were made."""

from __future__ import annotations

from collections.abc import Iterator

from pgassay.analysis import drift_repair as repair
from pgassay.analysis.sql_identifier import qualified, quoted
from pgassay.check import Check
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import Catalog, Collation, Database
from pgassay.facts.server import Server
from pgassay.findings import Finding


def find_collation_version_changed(check: Check, assay: Assay) -> Iterator[Finding]:
    """The system sorts text otherwise than when the database was made.

    What:
      The operating system's or ICU's version of a collation is not the one that PostgreSQL noted
      when the database, or the collation, was made or last refreshed. It changes with an upgrade of
      the system, or when data files are moved to another one, such as a physical backup restored
      elsewhere.

    Why:
      Indexes on text may be out of order: queries miss rows that are there, and unique indexes let
      duplicates in.

    Fix:
      REINDEX all indexes on text, and only then REFRESH the noted version.

    Example:
      The database was made with glibc 2.31, and the system has 2.36.
    """
    assert isinstance(assay.live, Catalog)
    name = assay.server.database if isinstance(assay.server, Server) else ""
    sorting: list[Database | Collation] = [*assay.live.of(Database), *assay.live.of(Collation)]
    for thing in sorting:
        if not thing.version or not thing.actual_version or thing.version == thing.actual_version:
            continue
        shown = quoted(name) if name else "NAME"
        if isinstance(thing, Database):
            subject, what = name or "database", "The database's own collation"
            refresh = f"ALTER DATABASE {shown} REFRESH COLLATION VERSION;"
        else:
            subject, what = thing.subject, f"Collation {thing.subject}"
            refresh = f"ALTER COLLATION {qualified(thing.schema, thing.name)} REFRESH VERSION;"
        yield check.finding(
            subject,
            f"{what} was version {thing.version} when its indexes were made, and the system has "
            f"version {thing.actual_version}.",
            why="Indexes on text may be out of order: queries miss rows that are there, and unique "
            "indexes let duplicates in. After a restore of data files this must be done.",
            fix="Run on the live database, in this order, outside a transaction:\n"
            + repair.code([f"REINDEX DATABASE CONCURRENTLY {shown};", refresh])
            + "\nWhere a unique index cannot be made again, duplicates are in the table already.",
            evidence={
                "kind": thing.KIND,
                "version": thing.version,
                "actual_version": thing.actual_version,
            },
        )
