"""SEC: rights that everybody has who may log in."""

from __future__ import annotations

from collections.abc import Iterator

from pgassay.analysis.effective_rights import (
    EVERYBODY,
    PUBLIC,
    ROW_RIGHTS,
    Exposure,
    RightsIn,
    held,
    listed,
    may_create,
)
from pgassay.analysis.sql_identifier import qualified, quoted
from pgassay.check import Check
from pgassay.facts.access import Access
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import (
    Database,
    DefaultPrivileges,
    ForeignServer,
    MaterializedView,
    Owned,
    Relation,
    Schema,
    Sequence,
    Table,
    View,
)
from pgassay.findings import Finding, Severity

_CHANGES = frozenset({*ROW_RIGHTS[1:], "TRUNCATE"})


def public_rights(check: Check, assay: Assay) -> Iterator[Finding]:
    """Everybody has a right that they should be given one by one.

    What:
      PUBLIC, that is every role there is and will be, may make objects in a schema (the default of
      `public` before PostgreSQL 15, which an upgrade keeps) or schemas in the database, reach the
      rows of a table or view, empty it (TRUNCATE, for which no row security holds), put triggers on
      it, refer to it or maintain it, set a sequence, use a foreign server, or gets such rights on
      what is made later. It is a blocker where rows may be changed. What lies in a schema that
      PUBLIC may not enter is left out; so are the rows of a table whose row security is on, and of
      one that SEC002 names. A role of an API that may make objects or schemas is named too.

    Why:
      A right of PUBLIC cannot be kept from anyone: each new role, for a report or a partner, has
      it. Whoever may make objects in a schema on the search path can put a function or table in
      the way of those that other roles mean.

    Fix:
      Revoke it from PUBLIC, and grant it to the role that needs it.

    Example:
      bad:  GRANT SELECT ON payroll TO PUBLIC;
      good: GRANT SELECT ON payroll TO reporting;
    """
    assert isinstance(assay.access, Access)
    exposure = Exposure(assay.access)
    catalog = assay.access.catalog
    rights = RightsIn(catalog)
    for database in catalog.of(Database):
        yield from _schema_makers(check, exposure, database)
    for schema in catalog.of(Schema):
        yield from _makers(check, exposure, schema)
    relations: tuple[Relation, ...] = (
        *catalog.tables,
        *catalog.of(View),
        *catalog.of(MaterializedView),
    )
    for relation in relations:
        if exposure.is_of_service(relation) or not rights.may_enter(EVERYBODY, relation.schema):
            continue
        elsewhere = isinstance(relation, Table) and (
            relation.row_security or exposure.unguarded(relation)
        )
        rows = () if elsewhere else rights.on_rows(EVERYBODY, relation)
        others = rights.beside_rows(EVERYBODY, relation)
        found = (*rows, *others)
        if found:
            name = qualified(relation.schema, relation.name)
            yield check.finding(
                relation.subject,
                f"Every role {_may(rows, others)} the {relation.KIND} {relation.subject}.",
                why="No role, also none that is made later, can be kept from it.",
                # The columns' go with it.
                fix=_instead(f"{', '.join(found)} ON TABLE {name}"),
                severity=Severity.BLOCKER if _CHANGES & {*found} else Severity.WARNING,
                evidence={"kind": relation.KIND, "rights": list(found)},
                particulars=found,
            )
    for sequence in catalog.of(Sequence):
        moving = sorted({"ALL", "UPDATE", "USAGE"} & held(sequence, EVERYBODY))
        if moving and rights.may_enter(EVERYBODY, sequence.schema):
            yield check.finding(
                sequence.subject,
                f"Every role may use up the sequence {sequence.subject}"
                + ("." if moving == ["USAGE"] else ", or set it back."),
                why="Set back, it gives out numbers that are taken, and inserts fail.",
                fix=_instead(
                    f"{', '.join(moving)} ON SEQUENCE {qualified(sequence.schema, sequence.name)}"
                ),
                severity=Severity.WARNING,
                evidence={"kind": sequence.KIND, "rights": moving},
                particulars=moving,
            )
    for server in catalog.of(ForeignServer):
        if {"ALL", "USAGE"} & held(server, EVERYBODY):
            yield check.finding(
                f"server {server.name}",
                f"Every role may use the foreign server {server.name}.",
                why="Whoever may make a table reads what its user mapping opens elsewhere.",
                fix=_instead(f"USAGE ON FOREIGN SERVER {quoted(server.name)}"),
                severity=Severity.WARNING,
            )
    for defaults in catalog.of(DefaultPrivileges):
        yield from _later(check, defaults)


def _makers(check: Check, exposure: Exposure, schema: Schema) -> Iterator[Finding]:
    makers, who, named = _those(exposure, schema)
    if not makers:
        return
    yield check.finding(
        f"schema {schema.name}",
        f"{who} may make objects in the schema {schema.name}.",
        why="A function or table made there can stand in the way of one that other roles mean.",
        fix=f"REVOKE CREATE ON SCHEMA {quoted(schema.name)} FROM {named};",
        severity=Severity.WARNING,
        evidence={"roles": makers},
        particulars=makers,
    )


def _may(rows: tuple[str, ...], others: tuple[str, ...]) -> str:
    parts = [f"may {listed(rows)}"] if rows else []
    return " and ".join([*parts, *([f"has {listed(others)} on"] if others else [])])


def _schema_makers(check: Check, exposure: Exposure, database: Database) -> Iterator[Finding]:
    makers, who, named = _those(exposure, database)
    if not makers:
        return
    name = exposure.access.database or database.name
    yield check.finding(
        f"database {name}",
        f"{who} may make schemas and trusted extensions in the database {name}.",
        why="A schema made there is its maker's, who puts into it what other roles then find.",
        fix=f"REVOKE CREATE ON DATABASE {quoted(name)} FROM {named};",
        severity=Severity.WARNING,
        evidence={"roles": makers},
        particulars=makers,
    )


def _those(exposure: Exposure, thing: Owned) -> tuple[list[str], str, str]:
    """Who of those whom nobody chose has CREATE on it: by name, as a sentence and SQL say it."""
    if may_create(thing, EVERYBODY):
        return [PUBLIC], "Every role", PUBLIC
    makers = [role.name for role in exposure.roles if may_create(thing, role)]
    return makers, f"The API's {listed(makers)}" if makers else "", ", ".join(map(quoted, makers))


def _later(check: Check, defaults: DefaultPrivileges) -> Iterator[Finding]:
    """What everybody is to get on tables and sequences; on functions and types they have it."""
    role, _, rest = defaults.name.partition(" for ")
    kind, _, schema = rest.partition(" in schema ")
    given = sorted({p for g in defaults.grants if g.grantee == PUBLIC for p in g.privileges})
    if kind not in ("tables", "sequences", "schemas") or not given:
        return
    place = f" IN SCHEMA {quoted(schema)}" if schema else ""
    yield check.finding(
        f"default privileges of {defaults.name}",
        f"Every role gets {listed(given)} on all {kind} that {role} makes"
        + (f" in schema {schema}." if schema else "."),
        why="What is made later is open to everybody, though nobody grants it anything.",
        fix=f"ALTER DEFAULT PRIVILEGES FOR ROLE {quoted(role)}{place} REVOKE ALL ON "
        f"{kind.upper()} FROM PUBLIC;",
        severity=Severity.WARNING,
        evidence={"rights": given},
        particulars=given,
    )


def _instead(right: str) -> str:
    return f"REVOKE {right} FROM PUBLIC;\n-- then GRANT {right} TO the role that needs it"


CHECKS: tuple[Check, ...] = (
    Check("SEC004", "right-for-everybody", Severity.BLOCKER, public_rights, needs=("access",)),
)
