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
)
from pgassay.analysis.sql_identifier import qualified, quoted
from pgassay.check import Check
from pgassay.facts.access import Access
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import (
    DefaultPrivileges,
    ForeignServer,
    MaterializedView,
    Relation,
    Schema,
    Sequence,
    Table,
    View,
)
from pgassay.findings import Finding, Severity

_CHANGES = frozenset(ROW_RIGHTS[1:])


def public_rights(check: Check, assay: Assay) -> Iterator[Finding]:
    """Everybody has a right that they should be given one by one.

    What:
      PUBLIC, that is every role there is and will be, may make objects in a schema (the default of
      `public` before PostgreSQL 15, which an upgrade keeps), reach the rows of a table or view, set
      a sequence, use a foreign server, or gets such rights on what is made later. It is a blocker
      where rows may be changed. A table whose row security is on, one in a schema that PUBLIC may
      not enter, and one that an API serves (SEC002) are left out. A role of an API that may make
      objects is named too.

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
    for schema in catalog.of(Schema):
        yield from _makers(check, exposure, schema)
    relations: tuple[Relation, ...] = (
        *catalog.tables,
        *catalog.of(View),
        *catalog.of(MaterializedView),
    )
    for relation in relations:
        found = rights.on_rows(EVERYBODY, relation)
        shut = isinstance(relation, Table) and relation.row_security
        elsewhere = exposure.open_to(relation) or exposure.is_of_service(relation)
        if found and not shut and not elsewhere and rights.may_enter(EVERYBODY, relation.schema):
            name = qualified(relation.schema, relation.name)
            yield check.finding(
                relation.subject,
                f"Every role may {listed(found)} the {relation.KIND} {relation.subject}.",
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
    rights = exposure.rights
    everybody = rights.may_make(EVERYBODY, schema.name)
    makers = (
        [PUBLIC]
        if everybody
        else [r.name for r in exposure.roles if rights.may_make(r, schema.name)]
    )
    if not makers:
        return
    who = "Every role" if everybody else f"The API's {listed(makers)}"
    named = makers if everybody else [quoted(name) for name in makers]
    yield check.finding(
        f"schema {schema.name}",
        f"{who} may make objects in the schema {schema.name}.",
        why="A function or table made there can stand in the way of one that other roles mean.",
        fix=f"REVOKE CREATE ON SCHEMA {quoted(schema.name)} FROM {', '.join(named)};",
        severity=Severity.WARNING,
        evidence={"roles": makers},
        particulars=makers,
    )


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
