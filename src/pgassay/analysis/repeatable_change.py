"""Which changes of a property can be made again where they are made already."""

from __future__ import annotations

from pgassay.facts.comparison import Difference

_ANY_KIND = frozenset({"comment", "attribute_comments", "owner", "grants", "column_order"})
"""Statements that set these, and pass where it is so already; the order of columns has none."""

_BY_KIND: dict[str, frozenset[str]] = {
    "database setting": frozenset({"settings"}),
    "extension": frozenset({"version"}),
    "domain": frozenset({"default", "not_null"}),
    "domain constraint": frozenset({"validated"}),
    "sequence": frozenset(
        {"type", "start", "minimum", "maximum", "increment", "cache", "cycle", "owned_by"}
        | {"persistence", "last_value"}
    ),
    "table": frozenset(
        {"persistence", "options", "access_method", "tablespace", "replica_identity"}
        | {"row_security", "force_row_security"}
    ),
    "column": frozenset(
        {"type", "base_type", "not_null", "not_null_valid", "default", "collation", "storage"}
        | {"compression", "statistics", "options"}
    ),
    # What only DROP and CREATE under the same name can change is dropped as it is now.
    "constraint": frozenset(
        {"definition", "columns", "validated", "enabled", "clustered", "options", "tablespace"}
    ),
    "index": frozenset(
        {"definition", "columns", "unique", "valid", "clustered", "options", "tablespace"}
        | {"statistics"}
    ),
    # All but a function that becomes a procedure: by OR REPLACE, or dropped by its arguments.
    "function": frozenset(
        {"arguments", "returns", "language", "body", "sql_body", "library", "volatility", "strict"}
        | {"security_definer", "leakproof", "parallel", "cost", "rows", "settings", "support"}
        | {"transforms"}
    ),
    "aggregate": frozenset({"arguments", "returns", "properties"}),
    "view": frozenset({"definition", "options"}),
    "materialized view": frozenset(
        {"definition", "options", "access_method", "tablespace", "populated"}
    ),
    "view column": frozenset({"default", "statistics", "options"}),
    "statistics": frozenset({"definition", "target"}),
    "trigger": frozenset({"definition", "enabled", "function"}),
    "rule": frozenset({"definition", "enabled"}),
    "policy": frozenset({"command", "permissive", "roles", "using", "check"}),
    "event trigger": frozenset({"event", "tags", "function", "enabled"}),
    "text search dictionary": frozenset({"options"}),
    "publication": frozenset({"operations", "via_root", "generated_columns"}),
    "subscription": frozenset({"enabled", "slot", "properties"}),
    "security label": frozenset({"label"}),
}
"""After each command's page of the manual. What is not here, such as ADD ATTRIBUTE, DROP
EXPRESSION, ADD GENERATED, ATTACH PARTITION or RENAME, stops with an error the second time, or is
not known not to."""


def repeatable(difference: Difference) -> bool:
    """Whether the statement that changes the property passes where it was changed already, or
    changed to something else. Of what is not known: no."""
    name = difference.property.replace(" ", "_")
    return name in _ANY_KIND or name in _BY_KIND.get(difference.kind, frozenset())


def is_pending(difference: Difference) -> bool:
    """Whether a revision after live's stamp changes the property."""
    values = dict(difference.values)
    known = "applied" in values and "history" in values
    return known and values["applied"] != values["history"]


def pending_cannot_change(difference: Difference) -> bool:
    """Whether a pending revision changes the property, and live is no longer what it starts from,
    so that its statement stops."""
    values = dict(difference.values)
    if "live" not in values or not is_pending(difference):
        return False
    return values["live"] != values["applied"] and not repeatable(difference)
