"""SEC: tables that an API on the database opens to everybody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pgassay.analysis.effective_rights import ROW_RIGHTS, Exposure, listed, shown_rights
from pgassay.analysis.sql_identifier import qualified, quoted
from pgassay.check import Check
from pgassay.facts.access import Access, Role
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import Table, TableName
from pgassay.findings import Finding, Severity

_SHOWN = 5


def open_tables(check: Check, assay: Assay) -> Iterator[Finding]:
    """A table is open to an API: no row security keeps its rows back.

    What:
      An API (Supabase's, PostgREST) serves the table's schema, a role that its requests run as has
      rights on the table's rows, and row security is off, or the role acts as the table's owner and
      it is not forced. Rights through PUBLIC, another role or single columns count. A partition
      counts too: asked by its own name, its parent's policies do not hold. A role that bypasses
      row security altogether, such as a superuser, is one finding of its own; Supabase's
      service_role, which is meant to, is none.

    Why:
      Whoever has the API's address and its public key, which every browser gets, reads or writes
      all rows. Supabase gives `anon` and `authenticated` all rights on every new table.

    Fix:
      Switch row security on, and write a policy for whoever is to see rows. The owner, superusers
      and roles with BYPASSRLS, such as service_role, are not held by it: let no other request run
      as one of these.

    Example:
      bad:  CREATE TABLE notes (...);
      good: ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
            CREATE POLICY own ON notes TO authenticated USING ((SELECT auth.uid()) = user_id);
    """
    assert isinstance(assay.access, Access)
    exposure = Exposure(assay.access)
    for role in exposure.past_row_security:
        yield from _past(check, exposure, role)
    for table, opened in _by_tree(exposure):
        may = {t.subject: exposure.unguarded(t) for t in opened}
        roles = _together(may)
        yield check.finding(
            table.subject,
            f"{_said(table, opened)}: through the API, {shown_rights(roles)} every row.",
            why="The API's public key is in every browser: whoever has it gets all rows.",
            fix=_shutting(opened, list(roles)),
            evidence={"kind": table.KIND, "rights": may},
            particulars=[
                f"{name}: {role} {', '.join(rights)}"
                for name, by_role in may.items()
                for role, rights in by_role.items()
            ],
        )


def _past(check: Check, exposure: Exposure, role: Role) -> Iterator[Finding]:
    """What is open to a role that no row security holds for."""
    name = quoted(role.name)
    if role.superuser:
        yield check.finding(
            f"role {role.name}",
            f"Requests through the API run as {role.name}, a superuser: they may do anything.",
            why="No right and no policy holds for a superuser.",
            fix=f"ALTER ROLE {name} NOSUPERUSER NOBYPASSRLS;\n-- and grant it what it needs",
            evidence={"superuser": True},
        )
        return
    may = {
        table.subject: rights
        for table in exposure.access.catalog.tables
        if table.row_security and (rights := exposure.open_to(table).get(role.name))
    }
    service = exposure.access.service
    # What the service serves itself has row security too, and its rights are not looked at.
    places = [*may, *((f"{s}.*" for s in service.served) if service else ())]
    if not places:
        return
    yield check.finding(
        f"role {role.name}",
        f"Requests through the API run as {role.name}, which bypasses row security: no policy of "
        f"{_listed(places)} holds for it.",
        why="Whoever may ask as this role gets every row that it has rights on.",
        fix=f"ALTER ROLE {name} NOBYPASSRLS;",
        evidence={"superuser": False, "rights": may},
    )


def _by_tree(exposure: Exposure) -> Iterator[tuple[Table, list[Table]]]:
    """Each table that is open or has partitions that are, with those that are of it and them."""
    tables = exposure.access.catalog.tables
    by_name = {qualified(t.schema, t.name): t for t in tables}
    trees: dict[TableName, list[Table]] = {}
    for table in tables:
        if not exposure.unguarded(table):
            continue
        top = table
        while top.partition_of in by_name:
            top = by_name[top.partition_of]
        trees.setdefault(top.table_name, []).append(table)
    for table in tables:
        if table.table_name in trees:
            yield table, trees[table.table_name]


def _said(table: Table, opened: Sequence[Table]) -> str:
    off = [t for t in opened if not t.row_security]
    owned = [t for t in opened if t.row_security]
    said = [_said_off(table, off)] if off else []
    if owned:
        owners = listed(sorted({t.owner for t in owned}))
        said.append(
            f"Row security of {_listed([t.subject for t in owned])} does not hold for its owner "
            f"{owners}, as whom requests act"
        )
    return "; ".join(said)


def _said_off(table: Table, off: Sequence[Table]) -> str:
    partitions = [t.subject for t in off if t is not table]
    named = f"artition{'s' * (len(partitions) > 1)} {_listed(partitions)}"
    if table not in off:
        return f"P{named} of {table.subject} can be asked by name, where no row security holds"
    also = f", and of its p{named}" if partitions else ""
    return f"Row security of {table.subject} is off{also}"


def _listed(names: Sequence[str]) -> str:
    more = f", ... ({len(names)})" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


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
        else f"ALTER TABLE {qualified(t.schema, t.name)} "
        f"{'FORCE' if t.row_security else 'ENABLE'} ROW LEVEL SECURITY;"
        for t in tables
    ]
    if any(t.row_security for t in tables):
        owners = " or ".join(quoted(o) for o in sorted({t.owner for t in tables if t.row_security}))
        lines.append(f"-- or let no request run as {owners}, or as a member")
    if all(t.foreign_server or t.row_security for t in tables):
        return "\n".join(lines)
    after = "-- then a policy for whoever is to see rows; without one, only the owner sees any"
    return "\n".join([*lines, after])


CHECKS: tuple[Check, ...] = (
    Check("SEC002", "table-open-to-api", Severity.BLOCKER, open_tables, needs=("access",)),
)
