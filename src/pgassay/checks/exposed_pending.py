"""SEC: tables that an API will open to everybody once the pending revisions have run."""

from __future__ import annotations

from collections.abc import Iterator

from pgassay.analysis.effective_rights import ROW_RIGHTS, Exposure, shown_rights
from pgassay.analysis.pending_access import maker_in
from pgassay.analysis.sql_identifier import qualified
from pgassay.check import Check
from pgassay.facts.access import Access, Role
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import Catalog, DefaultPrivileges, Table
from pgassay.findings import Finding, Severity


def opened_by_pending(check: Check, assay: Assay) -> Iterator[Finding]:
    """A pending revision makes a table that an API opens to everybody.

    What:
      The history makes a table that the live database does not have yet, without row security, in a
      schema that an API serves. Its roles will have rights on it: by the default privileges of the
      role that owns most tables of the live schema, or since the history grants them.

    Why:
      As for SEC002, from the moment of deployment on. On Supabase every new table is born so.

    Fix:
      Switch row security on in the revision that makes the table.

    Example:
      bad:  op.create_table("notes", ...)
      good: op.create_table("notes", ...)
            op.execute("ALTER TABLE notes ENABLE ROW LEVEL SECURITY")
    """
    assert isinstance(assay.access, Access)
    assert isinstance(assay.history, Catalog)
    exposure = Exposure(assay.access)
    live = assay.access.catalog
    there = {t.table_name for t in live.tables}
    maker = maker_in(live)
    for table in assay.history.tables:
        if table.table_name in there or table.row_security:
            continue
        may = {
            role.name: rights
            for role in exposure.roles
            if exposure.is_exposed(table.schema, role)
            and (rights := _rights(exposure, table, role, maker))
        }
        if may:
            name = qualified(table.schema, table.name)
            yield check.finding(
                table.subject,
                f"Once it is deployed, the new table {table.subject} is open, since its row "
                f"security is off: through the API, {shown_rights(may)} every row.",
                why="The API's public key is in every browser: whoever has it gets all rows.",
                fix="In the revision that makes it:\n"
                f'op.execute("ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")',
                evidence={"kind": table.KIND, "rights": may, "made_by": maker},
                particulars=[f"{role}: {', '.join(rights)}" for role, rights in may.items()],
            )


def _rights(exposure: Exposure, table: Table, role: Role, maker: str) -> tuple[str, ...]:
    """What the role will have: what the history grants, and the live database by default."""
    names = (f"{maker} for tables", f"{maker} for tables in schema {table.schema}")
    defaults = [d for d in exposure.access.catalog.of(DefaultPrivileges) if d.name in names]
    given = [grant for thing in (table, *defaults) for grant in thing.grants]
    born = Table(table.schema, table.name, owner=maker, grants=tuple(given))
    may = exposure.rights.on_rows(role, born)
    return tuple(right for right in ROW_RIGHTS if right in may)


CHECKS: tuple[Check, ...] = (
    Check(
        "SEC007",
        "pending-table-open-to-api",
        Severity.BLOCKER,
        opened_by_pending,
        needs=("access", "history"),
    ),
)
