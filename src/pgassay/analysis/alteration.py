"""The SQL that makes one object like another of its kind, in place where PostgreSQL can."""

from __future__ import annotations

from collections.abc import Collection

from pgassay.analysis.alteration_relations import (
    alter_column_rest,
    alter_constraint,
    alter_index,
    alter_sequence,
    alter_table,
    alter_view,
)
from pgassay.analysis.alteration_rights import alter_comment, alter_grants, alter_owner
from pgassay.analysis.alteration_routines import replaceable
from pgassay.analysis.alteration_types import (
    alter_composite,
    alter_domain,
    alter_enum,
    alter_extension,
    alter_foreign,
)
from pgassay.analysis.creation import drop, make
from pgassay.analysis.repair_dependents import note, standing_on
from pgassay.analysis.repair_guard import or_replace
from pgassay.analysis.sql_identifier import qualified, quoted
from pgassay.facts.catalog import (
    Catalog,
    Column,
    Composite,
    Constraint,
    Database,
    DefaultPrivileges,
    Domain,
    DomainConstraint,
    Enum,
    EventTrigger,
    Extension,
    ForeignDataWrapper,
    ForeignServer,
    Function,
    Index,
    MaterializedView,
    Rule,
    SchemaObject,
    Sequence,
    Setting,
    Statistics,
    Table,
    Trigger,
    UserMapping,
    View,
)

_SWITCH = {
    "origin": "ENABLE",
    "disabled": "DISABLE",
    "replica": "ENABLE REPLICA",
    "always": "ENABLE ALWAYS",
}
_SHARED = {"owner", "grants", "comment"}
# Made anew without a loss: they hold no rows, and no column, index or row is of them.
_MADE_ANEW = {
    "aggregate",
    "cast",
    "conversion",
    "domain constraint",
    "event trigger",
    "function",
    "index",
    "materialized view",
    "operator",
    "policy",
    "publication",
    "rule",
    "statistics",
    "text search configuration",
    "text search dictionary",
    "transform",
    "trigger",
    "user mapping",
    "view",
}


def alter(
    old: SchemaObject, new: SchemaObject, properties: Collection[str], catalog: Catalog
) -> list[str]:
    """What makes `old` like `new`, which stands in `catalog`, in these properties; of a column
    only what ALTER TABLE ... ALTER COLUMN sets beside type, default and NOT NULL. [] where
    PostgreSQL has no way but to make it anew, with what it holds."""
    names = {p.replace(" ", "_") for p in properties}
    own = names - _SHARED
    if isinstance(new, Database | DefaultPrivileges):
        # Neither is addressed by its name; making them says all that can be said.
        return make(new, catalog) if isinstance(new, Database) else [drop(old), *make(new, catalog)]
    if _is_made_anew(old, new, own):
        stops = "These use it and stop the DROP; drop them first, and make them again after"
        others = note(standing_on(catalog, old), stops)
        return [*others, drop(old), *make(new, catalog)]
    statements = _in_place(old, new, own, catalog) if own else []
    if "owner" in names:
        statements += alter_owner(new)
    if "grants" in names:
        statements += alter_grants(old, new)
    if "comment" in names:
        statements += alter_comment(new)
    return statements


def _is_made_anew(old: SchemaObject, new: SchemaObject, own: set[str]) -> bool:
    if old.KIND not in _MADE_ANEW or not own:
        return False
    match new:
        case Function():
            # OR REPLACE changes all the rest.
            changed = own & {"arguments", "returns", "routine"}
            return bool(changed) and not (isinstance(old, Function) and replaceable(old, new))
        case View():
            return False
        case MaterializedView():
            return not own <= {"options", "tablespace", "populated"}
        case Trigger() | Rule() | EventTrigger():
            return own != {"enabled"}
        case DomainConstraint():
            return own != {"validated"} or not new.validated
        case Statistics():
            return own != {"target"}
        case Index() | UserMapping():
            return False
    return True


def _in_place(old: SchemaObject, new: SchemaObject, own: set[str], catalog: Catalog) -> list[str]:
    match old, new:
        case Table(), Table():
            return alter_table(old, new, own)
        case Column(), Column():
            return alter_column_rest(old, new, own)
        case Constraint(), Constraint():
            return alter_constraint(old, new, own)
        case Index(), Index():
            return alter_index(old, new, own)
        case Sequence(), Sequence():
            return alter_sequence(new, own)
        case View() | MaterializedView(), View() | MaterializedView():
            if "definition" in own:
                return _view_replaced(old, new, catalog)
            return alter_view(old, new, own)
        case Function(), Function():
            return or_replace(make(new, catalog)[:1])
        case Composite(), Composite():
            return alter_composite(old, new)
        case Enum(), Enum():
            return alter_enum(old, new)
        case Domain(), Domain():
            return alter_domain(new, own)
        case Extension(), Extension():
            return alter_extension(old, new, own)
        case (
            ForeignServer() | ForeignDataWrapper() | UserMapping(),
            ForeignServer() | ForeignDataWrapper() | UserMapping(),
        ):
            return alter_foreign(old, new, own)
        case Setting(), Setting():
            return [drop(old), *make(new, catalog)]
    return _switched(new)


def _view_replaced(old: SchemaObject, new: SchemaObject, catalog: Catalog) -> list[str]:
    """OR REPLACE keeps rights and what stands on the view, and may only add columns at the end."""
    others = note(standing_on(catalog, old), "These use it, and would have to go first")
    return [
        f"-- Only where PostgreSQL refuses it, as columns differ: {drop(old)} and run it again.",
        *others,
        *or_replace(make(new, catalog)[:1]),
    ]


def _switched(new: SchemaObject) -> list[str]:
    match new:
        case Trigger() | Rule():
            table = qualified(*new.table_name)
            how = f"{_SWITCH[new.enabled]} {new.KIND.upper()}"
            return [f"ALTER TABLE {table} {how} {quoted(new.name)};"]
        case EventTrigger():
            return [f"ALTER EVENT TRIGGER {quoted(new.name)} {_SWITCH[new.enabled]};"]
        case DomainConstraint():
            domain = qualified(*new.table_name)
            return [f"ALTER DOMAIN {domain} VALIDATE CONSTRAINT {quoted(new.name)};"]
        case Statistics():
            target = -1 if new.target is None else new.target
            name = qualified(new.schema, new.name)
            return [f"ALTER STATISTICS {name} SET STATISTICS {target};"]
    return []
