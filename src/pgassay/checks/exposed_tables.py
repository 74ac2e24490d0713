"""SEC: tables that an API on the database opens to everybody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pgassay.analysis.effective_rights import ROW_RIGHTS, Exposure, shown_rights
from pgassay.analysis.sql_identifier import qualified, quoted
from pgassay.check import Check
from pgassay.facts.access import Access
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import Table, TableName
from pgassay.findings import Finding, Severity

_SHOWN = 5


def open_tables(check: Check, assay: Assay) -> Iterator[Finding]:
    """A table is open to an API: row security is off.

    What:
      An API (Supabase's, PostgREST) serves the table's schema, a role that its requests run as has
      rights on the table's rows, and row security is off. Rights through PUBLIC, another role or
      single columns count. A partition counts too: asked by its own name, its parent's policies do
      not hold.

    Why:
      Whoever has the API's address and its public key, which every browser gets, reads or writes
      all rows. Supabase gives `anon` and `authenticated` all rights on every new table.

    Fix:
      Switch row security on, and write a policy for whoever is to see rows. The owner, superusers
      and roles with BYPASSRLS, such as service_role, are not held by it.

    Example:
      bad:  CREATE TABLE notes (...);
      good: ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
            CREATE POLICY own ON notes TO authenticated USING ((SELECT auth.uid()) = user_id);
    """
    assert isinstance(assay.access, Access)
    exposure = Exposure(assay.access)
    for table, opened in _by_tree(exposure):
        may = {t.subject: exposure.open_to(t) for t in opened}
        yield check.finding(
            table.subject,
            f"{_said(table, opened)}: through the API, {shown_rights(_together(may))} every row.",
            why="The API's public key is in every browser: whoever has it gets all rows.",
            fix=_shutting(opened, assay.access.api_roles),
            evidence={"kind": table.KIND, "rights": may},
            particulars=[
                f"{name}: {role} {', '.join(rights)}"
                for name, by_role in may.items()
                for role, rights in by_role.items()
            ],
        )


def _by_tree(exposure: Exposure) -> Iterator[tuple[Table, list[Table]]]:
    """Each table that is open or has partitions that are, with those that are of it and them."""
    tables = exposure.access.catalog.tables
    by_name = {qualified(t.schema, t.name): t for t in tables}
    trees: dict[TableName, list[Table]] = {}
    for table in tables:
        if table.row_security or not exposure.open_to(table):
            continue
        top = table
        while top.partition_of in by_name:
            top = by_name[top.partition_of]
        trees.setdefault(top.table_name, []).append(table)
    for table in tables:
        if table.table_name in trees:
            yield table, trees[table.table_name]


def _said(table: Table, opened: Sequence[Table]) -> str:
    partitions = [t.subject for t in opened if t is not table]
    number = len(partitions)
    more = f", ... ({number})" if number > _SHOWN else ""
    named = f"artition{'s' * (number > 1)} {', '.join(partitions[:_SHOWN])}{more}"
    if table not in opened:
        return f"P{named} of {table.subject} can be asked by name, where no row security holds"
    also = f", and of its p{named}" if partitions else ""
    return f"Row security of {table.subject} is off{also}"


def _together(by_table: dict[str, dict[str, tuple[str, ...]]]) -> dict[str, tuple[str, ...]]:
    """What each role may do with some table of these."""
    pairs = [pair for by_role in by_table.values() for pair in by_role.items()]
    may = {(role, right) for role, rights in pairs for right in rights}
    roles = sorted({role for role, _ in may})
    return {role: tuple(r for r in ROW_RIGHTS if (role, r) in may) for role in roles}


def _shutting(tables: Sequence[Table], roles: Sequence[str]) -> str:
    shown = ", ".join(map(quoted, roles))
    lines = [
        # Row security does not hold for a foreign table.
        f"REVOKE ALL ON TABLE {qualified(t.schema, t.name)} FROM PUBLIC, {shown};"
        if t.foreign_server
        else f"ALTER TABLE {qualified(t.schema, t.name)} ENABLE ROW LEVEL SECURITY;"
        for t in tables
    ]
    if all(t.foreign_server for t in tables):
        return "\n".join(lines)
    after = "-- then a policy for whoever is to see rows; without one, only the owner sees any"
    return "\n".join([*lines, after])


CHECKS: tuple[Check, ...] = (
    Check("SEC002", "table-open-to-api", Severity.BLOCKER, open_tables, needs=("access",)),
)
