"""The table behind drift_consequence: each kind of object, each of its properties.

After the PostgreSQL manual's chapters on each command; the order of the areas is that of the harm.
"""

from __future__ import annotations

from enum import StrEnum


class Area(StrEnum):
    """What suffers. UNKNOWN: a property that this table does not have."""

    DATA = "data loss"
    INTEGRITY = "integrity"
    SECURITY = "security"
    QUERIES = "queries fail"
    UNKNOWN = "unknown"
    BEHAVIOUR = "behaviour"
    PERFORMANCE = "performance"
    OPERATIONS = "operations"
    COSMETIC = "cosmetic"


Entry = tuple[Area, str]

_DATA, _INTEGRITY, _SECURITY, _QUERIES = Area.DATA, Area.INTEGRITY, Area.SECURITY, Area.QUERIES
_BEHAVIOUR, _PERFORMANCE = Area.BEHAVIOUR, Area.PERFORMANCE
_OPERATIONS, _COSMETIC = Area.OPERATIONS, Area.COSMETIC

_OTHER_RIGHTS = "Other roles may read or change it."
_ROWS_SEEN = "Roles see or change rows that they should not, or miss rows that they should see."
_NOT_RUN = "What it should do at each change is not done, or is done where it should not be."
_WRONG_VALUES = "Values come in that the code takes for impossible."
_FOREIGN = "Queries of foreign tables fail, or read from elsewhere."
_REPLICAS = "Replicas and other readers of the change stream miss changes, or get too many."

SHARED: dict[str, Entry] = {
    "comment": (_COSMETIC, "Only the comment differs."),
    "owner": (
        _SECURITY,
        "The owner may change and drop it, passes over row security, and lends its rights to "
        "SECURITY DEFINER functions and views.",
    ),
    "grants": (_SECURITY, _OTHER_RIGHTS),
    "name": (
        _COSMETIC,
        "Only names differ; a later revision that names the object will not find it.",
    ),
    "column_order": (
        _COSMETIC,
        "Only the order of columns differs; INSERT and COPY without a column list depend on it.",
    ),
}

PRESENCE: dict[str, Entry] = {
    "database": (_QUERIES, "Nothing is there to connect to."),
    "database setting": (_OPERATIONS, "Sessions run with other settings."),
    "schema": (_DATA, "Every statement that names something in it fails."),
    "extension": (_QUERIES, "Statements that use its types, functions or operators fail."),
    "language": (_QUERIES, "Functions written in it cannot be made or run."),
    "access method": (_QUERIES, "Tables or indexes that use it cannot be made."),
    "collation": (_QUERIES, "Columns, indexes and queries that name it cannot be made or run."),
    "enum": (_QUERIES, "Columns and casts of that type cannot be made or run."),
    "domain": (_QUERIES, "Columns and casts of that type cannot be made or run."),
    "domain constraint": (_INTEGRITY, _WRONG_VALUES),
    "composite type": (_QUERIES, "Columns, casts and functions of that type fail."),
    "range type": (_QUERIES, "Columns, casts and functions of that type fail."),
    "base type": (_QUERIES, "Columns, casts and functions of that type fail."),
    "sequence": (_QUERIES, "Inserts and code that take numbers from it fail."),
    "table": (_DATA, "Every query of that table fails."),
    "column": (
        _DATA,
        "Every query that names the column fails, as all queries of its model do.",
    ),
    "constraint": (_INTEGRITY, "Rows come in that it should keep out."),
    "index": (_INTEGRITY, "Rows come in that it should keep out, or queries are slow."),
    "function": (_QUERIES, "Queries, triggers and defaults that call it fail."),
    "aggregate": (_QUERIES, "Queries that call it fail."),
    "operator": (_QUERIES, "Queries that use it fail, or find another operator."),
    "operator family": (_QUERIES, "Indexes that use it cannot be made."),
    "operator class": (_QUERIES, "Indexes that use it cannot be made."),
    "cast": (_QUERIES, "Statements that count on the conversion fail, or convert otherwise."),
    "conversion": (_QUERIES, "Clients of that encoding cannot be served, or are otherwise."),
    "transform": (_QUERIES, "Functions that use it cannot be made, or get other values."),
    "view": (_QUERIES, "Every query of that view fails."),
    "materialized view": (_QUERIES, "Every query of that materialized view fails."),
    "view column": (_BEHAVIOUR, "What was set on the view's column is not in force."),
    "statistics": (_PERFORMANCE, "The planner misjudges how columns depend on each other."),
    "trigger": (_INTEGRITY, _NOT_RUN),
    "rule": (_INTEGRITY, "Statements on the relation are not rewritten as they should be."),
    "policy": (_SECURITY, _ROWS_SEEN),
    "event trigger": (_OPERATIONS, "What it should do at each DDL command is not done."),
    "text search parser": (_QUERIES, "Text searches that use it fail."),
    "text search template": (_QUERIES, "Dictionaries that use it cannot be made."),
    "text search dictionary": (_QUERIES, "Text searches that use it fail."),
    "text search configuration": (_QUERIES, "Text searches that name it fail."),
    "foreign data wrapper": (_QUERIES, _FOREIGN),
    "foreign server": (_QUERIES, _FOREIGN),
    "user mapping": (_QUERIES, "That role cannot read the server's foreign tables."),
    "publication": (_OPERATIONS, _REPLICAS),
    "subscription": (_OPERATIONS, "Changes of the publisher do not arrive."),
    "default privileges": (_SECURITY, "Objects made from now on get other rights."),
    "system grants": (
        _SECURITY,
        "Roles may use what the server or an extension keeps from them, or lack what it gives all.",
    ),
    "security label": (_SECURITY, "The provider's rule, such as masking, is not in force."),
}
