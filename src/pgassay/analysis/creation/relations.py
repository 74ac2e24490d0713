"""SQL that makes sequences, views, and what was set on their columns."""

from __future__ import annotations

from pgassay.analysis.creation import rights
from pgassay.analysis.creation.definition import sequence_options
from pgassay.analysis.creation.sql_text import storage_options
from pgassay.analysis.creation.surroundings import Surroundings
from pgassay.analysis.sql_identifier import qualified, quoted
from pgassay.facts.catalog import MaterializedView, Sequence, View, ViewColumn


def sequence(thing: Sequence, around: Surroundings) -> list[str]:
    """An identity column makes its own sequence, so only the rights are left. The position it
    has come to is data."""
    return [*sequence_itself(thing), *sequence_rest(thing, around)]


def sequence_itself(thing: Sequence) -> list[str]:
    if thing.identity_column:
        return []
    unlogged = "UNLOGGED " if thing.persistence == "unlogged" and not thing.owned_by else ""
    options = sequence_options(thing)
    if thing.type != "bigint":
        options.insert(0, f"AS {thing.type}")
    rest = "".join(f" {option}" for option in options)
    return [f"CREATE {unlogged}SEQUENCE {qualified(*thing.table_name)}{rest};"]


def sequence_rest(thing: Sequence, around: Surroundings) -> list[str]:
    """What needs its table to be there first."""
    address = f"SEQUENCE {qualified(*thing.table_name)}"
    statements, holder = rights.owner(thing, address), thing.owner
    if thing.owned_by:
        owning = around.table((thing.owned_by[0], thing.owned_by[1]))
        holder = holder or (owning.owner if owning else "")
    if thing.owned_by and not thing.identity_column:
        schema, table, column = thing.owned_by
        if owning and not thing.owner:
            # OWNED BY wants sequence and table to have one owner.
            statements += rights.owner(owning, address)
        to = f"{qualified(schema, table)}.{quoted(column)}"
        statements.append(f"ALTER {address} OWNED BY {to};")
    if thing.owned_by and thing.persistence == "unlogged":
        # It was made with its table, which is not.
        statements.append(f"ALTER {address} SET UNLOGGED;")
    return [
        *statements,
        *rights.grants(thing.grants, address, holder=holder),
        *rights.comment(thing, address),
    ]


def view(thing: View, _: Surroundings) -> list[str]:
    address = f"VIEW {qualified(*thing.table_name)}"
    options = f" WITH ({storage_options(thing.options)})" if thing.options else ""
    return [
        f"CREATE {address}{options} AS\n{_query(thing.definition)};",
        *rights.owner(thing, address),
        *rights.grants(thing.grants, f"TABLE {qualified(*thing.table_name)}", holder=thing.owner),
        *rights.comment(thing, address),
    ]


def materialized_view(thing: MaterializedView, _: Surroundings) -> list[str]:
    address = f"MATERIALIZED VIEW {qualified(*thing.table_name)}"
    how = f" USING {quoted(thing.access_method)}" if thing.access_method else ""
    how += f" WITH ({storage_options(thing.options)})" if thing.options else ""
    how += f" TABLESPACE {quoted(thing.tablespace)}" if thing.tablespace else ""
    data = "" if thing.populated else "\nWITH NO DATA"
    return [
        f"CREATE {address}{how} AS\n{_query(thing.definition)}{data};",
        *rights.owner(thing, address),
        *rights.grants(thing.grants, f"TABLE {qualified(*thing.table_name)}", holder=thing.owner),
        *rights.dependence(thing.extensions, address),
        *rights.comment(thing, address),
    ]


def view_column(thing: ViewColumn, around: Surroundings) -> list[str]:
    kind = "MATERIALIZED VIEW" if thing.table_name in around.materialized else "VIEW"
    table, name = qualified(*thing.table_name), quoted(thing.name)
    alter = f"ALTER {kind} {table} ALTER COLUMN {name}"
    statements = []
    if thing.default is not None:
        statements.append(f"{alter} SET DEFAULT {thing.default};")
    if thing.statistics is not None:
        statements.append(f"{alter} SET STATISTICS {thing.statistics};")
    if thing.options:
        statements.append(f"{alter} SET ({storage_options(thing.options)});")
    return [
        *statements,
        *rights.grants(thing.grants, f"TABLE {table}", columns=f" ({name})"),
        *rights.comment(thing, f"COLUMN {table}.{name}"),
    ]


def _query(definition: str) -> str:
    return definition.rstrip().removesuffix(";")
