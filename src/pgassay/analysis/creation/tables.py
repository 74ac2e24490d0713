"""SQL that makes tables and their columns."""

from __future__ import annotations

from dataclasses import replace

from pgassay.analysis.creation import rights
from pgassay.analysis.creation.definition import automatic_name, column_line
from pgassay.analysis.creation.sql_text import foreign_options, storage_options
from pgassay.analysis.creation.storage import set_storage
from pgassay.analysis.creation.surroundings import Surroundings
from pgassay.analysis.sql_identifier import literal, qualified, quoted
from pgassay.facts.catalog import Column, Table


def table(thing: Table, around: Surroundings) -> list[str]:
    """The table with its columns and all that is set on them. Its constraints, indexes, triggers,
    rules and policies are objects of their own. `replica_identity` of an index is made with it."""
    return [*table_itself(thing, around), *table_rest(thing)]


def table_itself(thing: Table, around: Surroundings) -> list[str]:
    """Without owner, grants and what needs an index."""
    columns = around.columns.get(thing.table_name, [])
    name = qualified(*thing.table_name)
    foreign = "FOREIGN " if thing.foreign_server else ""
    kind = "UNLOGGED " if thing.persistence == "unlogged" else foreign
    head = f"CREATE {kind}TABLE {name}"
    tail = _tail(thing)
    inherited = _inherited(thing, columns, around)
    own = [c for c in columns if inherited is None or c.name not in inherited]
    own_lines = [column_line(c, around.identities.get(c.identity), serial=False) for c in own]
    body = " (\n" + ",\n".join(f"  {line}" for line in own_lines) + "\n)"
    if inherited is None:
        statements = [f"{head}{body}{tail};"]
        if thing.partition_of:
            statements.append(
                f"ALTER TABLE {thing.partition_of} ATTACH PARTITION {name} {bound(thing)};"
            )
        statements += [f"ALTER {foreign}TABLE {name} INHERIT {p};" for p in thing.inherits]
    elif thing.partition_of:
        statements = [f"{head} PARTITION OF {thing.partition_of} {bound(thing)}{tail};"]
    elif thing.of_type:
        statements = [f"{head} OF {thing.of_type}{tail};"]
    else:
        body = body if own else " ()"
        parents = f" INHERITS ({', '.join(thing.inherits)})" if thing.inherits else ""
        statements = [f"{head}{body}{parents}{tail};"]
    for column in columns:
        have = (inherited or {}).get(column.name, _plain(column, line=True))
        statements += change_column(have, column, around, foreign=bool(foreign))
    return statements


def bound(thing: Table) -> str:
    """As a partition is attached: one that was to be detached stays."""
    return thing.bound.removesuffix(" DETACH PENDING")


def table_rest(thing: Table) -> list[str]:
    """Owner, grants, comment and row-level security."""
    name = qualified(*thing.table_name)
    address = f"{'FOREIGN ' if thing.foreign_server else ''}TABLE {name}"
    statements = rights.owner(thing, address)
    if thing.row_security:
        statements.append(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY;")
    if thing.force_row_security:
        statements.append(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY;")
    if thing.replica_identity in ("full", "nothing"):
        statements.append(f"ALTER TABLE {name} REPLICA IDENTITY {thing.replica_identity.upper()};")
    return [
        *statements,
        *rights.grants(thing.grants, f"TABLE {name}", holder=thing.owner),
        *rights.comment(thing, address),
    ]


def replica_index(thing: Table) -> list[str]:
    """What can be said only once the index is there."""
    if not thing.replica_identity.startswith("index "):
        return []
    index = quoted(thing.replica_identity.removeprefix("index "))
    name = qualified(*thing.table_name)
    return [f"ALTER TABLE {name} REPLICA IDENTITY USING INDEX {index};"]


def column(thing: Column, around: Surroundings) -> list[str]:
    """ADD COLUMN, then what is set on it."""
    line = column_line(thing, around.identities.get(thing.identity))
    owning = around.table(thing.table_name)
    foreign = bool(owning and owning.foreign_server)
    name = qualified(*thing.table_name)
    return [
        f"ALTER {'FOREIGN ' if foreign else ''}TABLE {name} ADD COLUMN {line};",
        *change_column(_plain(thing, line=True), thing, around, foreign=foreign),
    ]


def change_column(
    have: Column, want: Column, around: Surroundings, *, foreign: bool = False
) -> list[str]:
    """What makes the column `have`, of the same type and generation, like `want`."""
    name, column_name = qualified(*want.table_name), quoted(want.name)
    table_of = f"ALTER {'FOREIGN ' if foreign else ''}TABLE {name}"
    alter = f"{table_of} ALTER COLUMN {column_name}"
    statements = []
    if want.default != have.default and not want.generated:
        default = f"SET DEFAULT {want.default}" if want.default is not None else "DROP DEFAULT"
        statements.append(f"{alter} {default};")
    if want.generated.endswith("identity") and not have.generated:
        line = column_line(want, around.identities.get(want.identity), nullable=True)
        statements.append(f"{alter} ADD GENERATED{line.split(' GENERATED', 1)[1]};")
    kept = have.not_null and have.not_null_valid == want.not_null_valid
    if want.not_null and not (kept and have.not_null_no_inherit == want.not_null_no_inherit):
        statements += _not_null(want, table_of, alter)
    if want.not_null_comment != have.not_null_comment and want.not_null_comment:
        constraint = quoted(want.not_null_name or automatic_name(want.table, want.name, "not_null"))
        said = literal(want.not_null_comment)
        statements.append(f"COMMENT ON CONSTRAINT {constraint} ON {name} IS {said};")
    if want.storage != have.storage:
        statements += set_storage(alter, want)
    if want.compression != have.compression:
        statements.append(f"{alter} SET COMPRESSION {want.compression or 'default'};")
    if want.statistics != have.statistics:
        target = -1 if want.statistics is None else want.statistics
        statements.append(f"{alter} SET STATISTICS {target};")
    if want.options != have.options and want.options:
        statements.append(f"{alter} SET ({storage_options(want.options)});")
    return [
        *statements,
        *rights.grants(want.grants, f"TABLE {name}", columns=f" ({column_name})"),
        *rights.comment(want, f"COLUMN {name}.{column_name}"),
    ]


def _not_null(want: Column, table_of: str, alter: str) -> list[str]:
    if want.not_null_valid and not want.not_null_name and not want.not_null_no_inherit:
        return [f"{alter} SET NOT NULL;"]
    named = f"CONSTRAINT {quoted(want.not_null_name)} " if want.not_null_name else ""
    valid = " NO INHERIT" if want.not_null_no_inherit else ""
    valid += "" if want.not_null_valid else " NOT VALID"
    return [f"{table_of} ADD {named}NOT NULL {quoted(want.name)}{valid};"]


def _plain(column: Column, *, line: bool = False) -> Column:
    """The column as it is with nothing set on it; `line`: with what `column_line` says."""
    plain = replace(
        column,
        storage="",
        compression=column.compression if line else "",
        statistics=None,
        options=(),
        grants=(),
        comment="",
        not_null_comment="",
    )
    if line:
        return plain if column.not_null_valid else replace(plain, not_null=False)
    return replace(
        plain,
        default=None,
        not_null=False,
        not_null_name="",
        not_null_valid=True,
        not_null_no_inherit=False,
        generated="",
    )


def _inherited(
    thing: Table, columns: list[Column], around: Surroundings
) -> dict[str, Column] | None:
    """The columns as the parents or the type give them; None where the table must list all of its
    own, because it has them otherwise or in another order."""
    if thing.of_type:
        return {c.name: _plain(c) for c in columns}
    parents = (thing.partition_of,) if thing.partition_of else thing.inherits
    given: dict[str, Column] = {}
    for parent in parents:
        owning = around.tables.get(parent)
        for column in around.columns.get(owning.table_name, []) if owning else ():
            given.setdefault(column.name, column)
    names = [c.name for c in columns]
    if not parents:
        return {}
    if not given or names[: len(given)] != list(given):
        return None
    inherited = {}
    for column in columns[: len(given)]:
        parent_column = given[column.name]
        same = (column.type, column.collation, column.foreign_options) == (
            parent_column.type,
            parent_column.collation,
            parent_column.foreign_options,
        )
        identity = parent_column.generated.endswith("identity")
        if thing.partition_of or not identity:
            same = same and column.generated == parent_column.generated
        if not same or (column.generated and column.default != parent_column.default):
            return None
        if column.not_null < parent_column.not_null:
            return None
        kept = replace(parent_column, statistics=None, options=(), grants=(), comment="")
        # A child inherits no identity, a partition does.
        inherited[column.name] = (
            kept if thing.partition_of or not identity else replace(kept, generated="")
        )
    return inherited


def _tail(thing: Table) -> str:
    tail = f" PARTITION BY {thing.partition_key}" if thing.partition_key else ""
    if thing.foreign_server:
        options = foreign_options(thing.foreign_options)
        return (
            tail
            + f" SERVER {quoted(thing.foreign_server)}"
            + (f" OPTIONS ({options})" if options else "")
        )
    tail += f" USING {quoted(thing.access_method)}" if thing.access_method else ""
    tail += f" WITH ({storage_options(thing.options)})" if thing.options else ""
    return tail + (f" TABLESPACE {quoted(thing.tablespace)}" if thing.tablespace else "")
