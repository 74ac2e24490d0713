"""How a type's values are stored where a column does not say otherwise (pg_type.typstorage)."""

from __future__ import annotations

from pgassay.facts.catalog import Column

# As pg_type has them in PostgreSQL 13 to 18; a type of more digits or letters is the same type.
_STORAGE = {
    "PLAIN": """
        boolean "char" smallint integer bigint real double_precision money oid name uuid date
        time_without_time_zone time_with_time_zone timestamp_without_time_zone
        timestamp_with_time_zone interval macaddr macaddr8 point line lseg box circle tid xid xid8
        cid pg_lsn tsquery regclass regproc regprocedure regoper regoperator regtype regrole
        regnamespace regconfig regdictionary regcollation
    """,
    "MAIN": "numeric inet cidr",
    "EXTENDED": """
        text character character_varying bytea json jsonb jsonpath xml bit bit_varying path polygon
        tsvector int4range int8range numrange tsrange tstzrange daterange int4multirange
        int8multirange nummultirange tsmultirange tstzmultirange datemultirange
    """,
}
_OF_TYPE = {
    name.replace("_", " "): storage for storage, names in _STORAGE.items() for name in names.split()
}


def set_storage(alter: str, column: Column) -> list[str]:
    """`alter` is `ALTER TABLE t ALTER COLUMN c`. SET STORAGE DEFAULT came with PostgreSQL 16 only,
    so the type's own is named; a comment says so where it is not known."""
    storage = column.storage.upper() or usual_storage(column)
    if storage:
        return [f"{alter} SET STORAGE {storage};"]
    return [f"-- From PostgreSQL 16 on: {alter} SET STORAGE DEFAULT;"]


def usual_storage(column: Column) -> str:
    """PLAIN, MAIN or EXTENDED; "" where the type's name does not tell."""
    type_ = column.base_type or column.type
    if type_.endswith("[]"):
        return "EXTENDED"
    if column.labels:
        return "PLAIN"
    return _OF_TYPE.get(_without_modifier(type_), "")


def _without_modifier(type_: str) -> str:
    """`timestamp(3) with time zone` as `timestamp with time zone`."""
    head, opening, rest = type_.partition("(")
    if type_.startswith("interval "):
        return "interval"
    return head + rest.partition(")")[2] if opening else type_
