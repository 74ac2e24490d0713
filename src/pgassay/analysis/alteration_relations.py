"""SQL that changes tables, their parts, sequences and views in place."""

from __future__ import annotations

from pgassay.analysis.creation.sql_text import foreign_options, storage_options
from pgassay.analysis.creation.storage import set_storage
from pgassay.analysis.creation.tables import replica_index
from pgassay.analysis.sql_identifier import literal, qualified, quoted
from pgassay.facts.catalog import (
    Column,
    Constraint,
    Index,
    MaterializedView,
    Sequence,
    Table,
    View,
)


def alter_table(old: Table, new: Table, own: set[str]) -> list[str]:
    """What a table is made with, such as its partition key, cannot be changed."""
    alter = f"ALTER {'FOREIGN ' if new.foreign_server else ''}TABLE {qualified(*new.table_name)}"
    statements = []
    if "row_security" in own:
        how = "ENABLE" if new.row_security else "DISABLE"
        statements.append(f"{alter} {how} ROW LEVEL SECURITY;")
    if "force_row_security" in own:
        how = "FORCE" if new.force_row_security else "NO FORCE"
        statements.append(f"{alter} {how} ROW LEVEL SECURITY;")
    if "persistence" in own:
        statements.append(
            f"{alter} SET {'UNLOGGED' if new.persistence == 'unlogged' else 'LOGGED'};"
        )
    if "replica_identity" in own:
        statements += replica_index(new) or [
            f"{alter} REPLICA IDENTITY {new.replica_identity.upper()};"
        ]
    if "options" in own:
        statements += alter_options(alter, old.options, new.options)
    if "tablespace" in own:
        statements.append(f"{alter} SET TABLESPACE {quoted(new.tablespace or 'pg_default')};")
    if "access_method" in own:
        statements.append(f"{alter} SET ACCESS METHOD {quoted(new.access_method or 'heap')};")
    if own & {"partition_of", "bound"}:
        name = qualified(*new.table_name)
        if old.partition_of:
            statements.append(f"ALTER TABLE {old.partition_of} DETACH PARTITION {name};")
        if new.partition_of:
            attach = f"ATTACH PARTITION {name} {new.bound}"
            statements.append(f"ALTER TABLE {new.partition_of} {attach};")
    if "inherits" in own:
        statements += [f"{alter} NO INHERIT {p};" for p in old.inherits if p not in new.inherits]
        statements += [f"{alter} INHERIT {p};" for p in new.inherits if p not in old.inherits]
    if "of_type" in own:
        statements.append(f"{alter} OF {new.of_type};" if new.of_type else f"{alter} NOT OF;")
    if "foreign_options" in own:
        statements += alter_foreign_options(alter, old.foreign_options, new.foreign_options)
    return statements


def alter_column_rest(old: Column, new: Column, own: set[str]) -> list[str]:
    """What is set on a column beside type, default, NOT NULL and generation."""
    table = f"ALTER TABLE {qualified(*new.table_name)}"
    alter = f"{table} ALTER COLUMN {quoted(new.name)}"
    statements = []
    if "collation" in own and old.type == new.type:
        collate = " COLLATE " + (new.collation or 'pg_catalog."default"')
        statements.append(f"{alter} TYPE {new.type}{collate};")
    if "storage" in own:
        statements += set_storage(alter, new)
    if "compression" in own:
        statements.append(f"{alter} SET COMPRESSION {new.compression or 'default'};")
    if "statistics" in own:
        target = -1 if new.statistics is None else new.statistics
        statements.append(f"{alter} SET STATISTICS {target};")
    if "options" in own:
        statements += alter_options(alter, old.options, new.options)
    if "foreign_options" in own:
        foreign = alter.replace("ALTER TABLE", "ALTER FOREIGN TABLE", 1)
        statements += alter_foreign_options(foreign, old.foreign_options, new.foreign_options)
    if "not_null_name" in own and old.not_null and new.not_null:
        names = [c.not_null_name or f"{c.table}_{c.name}_not_null" for c in (old, new)]
        statements.append(f"{table} RENAME CONSTRAINT {quoted(names[0])} TO {quoted(names[1])};")
    if "not_null_valid" in own and new.not_null_valid and old.not_null:
        name = new.not_null_name or f"{new.table}_{new.name}_not_null"
        statements.append(f"{table} VALIDATE CONSTRAINT {quoted(name)};")
    return statements


def alter_constraint(old: Constraint, new: Constraint, own: set[str]) -> list[str]:
    index = f"ALTER INDEX {qualified(new.schema, new.name)}"
    table = f"ALTER TABLE {qualified(*new.table_name)}"
    statements = []
    if "enabled" in own:
        # Needs a superuser, as putting them to sleep did.
        statements.append(f"{table} {'ENABLE' if new.enabled else 'DISABLE'} TRIGGER ALL;")
    if "clustered" in own:
        how = f"CLUSTER ON {quoted(new.name)}" if new.clustered else "SET WITHOUT CLUSTER"
        statements.append(f"{table} {how};")
    if "options" in own:
        statements += alter_options(index, old.options, new.options)
    if "tablespace" in own:
        statements.append(f"{index} SET TABLESPACE {quoted(new.tablespace or 'pg_default')};")
    return statements


def alter_index(old: Index, new: Index, own: set[str]) -> list[str]:
    """What is set on an index beside its definition, name and validity."""
    index = f"ALTER INDEX {qualified(new.schema, new.name)}"
    statements = []
    if "clustered" in own:
        how = f"CLUSTER ON {quoted(new.name)}" if new.clustered else "SET WITHOUT CLUSTER"
        statements.append(f"ALTER TABLE {qualified(*new.table_name)} {how};")
    if "tablespace" in own:
        statements.append(f"{index} SET TABLESPACE {quoted(new.tablespace or 'pg_default')};")
    if "statistics" in own:
        targets = dict(target.split("=") for target in new.statistics)
        for number in sorted({t.split("=")[0] for t in old.statistics} | targets.keys()):
            target = targets.get(number, "-1")
            statements.append(f"{index} ALTER COLUMN {number} SET STATISTICS {target};")
    return statements


def alter_sequence(new: Sequence, own: set[str]) -> list[str]:
    """An identity column's sequence is altered as any other."""
    words = []
    if "type" in own:
        words.append(f"AS {new.type}")
    if "increment" in own:
        words.append(f"INCREMENT BY {new.increment}")
    if own & {"type", "minimum"}:
        words.append(f"MINVALUE {new.minimum}")
    if own & {"type", "maximum"}:
        words.append(f"MAXVALUE {new.maximum}")
    if "start" in own:
        words.append(f"START WITH {new.start}")
    if "cache" in own:
        words.append(f"CACHE {new.cache}")
    if "cycle" in own:
        words.append("CYCLE" if new.cycle else "NO CYCLE")
    if "owned_by" in own and not new.identity_column:
        schema, table, column = new.owned_by or ("", "", "")
        owner = f"{qualified(schema, table)}.{quoted(column)}" if table else "NONE"
        words.append(f"OWNED BY {owner}")
    sequence = qualified(*new.table_name)
    statements = [f"ALTER SEQUENCE {sequence} {' '.join(words)};"] if words else []
    if "persistence" in own and not new.owned_by:
        how = "UNLOGGED" if new.persistence == "unlogged" else "LOGGED"
        statements.append(f"ALTER SEQUENCE {sequence} SET {how};")
    if "last_value" in own and new.readable:
        at = f"{new.start}, false" if new.last_value is None else f"{new.last_value}"
        statements.append(f"SELECT pg_catalog.setval({literal(sequence)}, {at});")
    return statements


def alter_view(
    old: View | MaterializedView, new: View | MaterializedView, own: set[str]
) -> list[str]:
    kind = new.KIND.upper()
    alter = f"ALTER {kind} {qualified(*new.table_name)}"
    statements = []
    if "options" in own:
        statements += alter_options(alter, old.options, new.options)
    if isinstance(new, MaterializedView) and "tablespace" in own:
        statements.append(f"{alter} SET TABLESPACE {quoted(new.tablespace or 'pg_default')};")
    if isinstance(new, MaterializedView) and "populated" in own:
        data = "" if new.populated else " WITH NO DATA"
        statements.append(f"REFRESH {kind} {qualified(*new.table_name)}{data};")
    return statements


def alter_options(alter: str, old: tuple[str, ...], new: tuple[str, ...]) -> list[str]:
    """`old` and `new` are "name=value"; what `new` has is set, what it lacks is reset."""
    names = {option.partition("=")[0] for option in new}
    gone = [n for o in old if (n := o.partition("=")[0]) not in names]
    wanted = [option for option in new if option not in old]
    return [
        *([f"{alter} SET ({storage_options(wanted)});"] if wanted else []),
        *([f"{alter} RESET ({', '.join(gone)});"] if gone else []),
    ]


def alter_foreign_options(alter: str, old: tuple[str, ...], new: tuple[str, ...]) -> list[str]:
    before = {option.partition("=")[0] for option in old}
    after = {option.partition("=")[0] for option in new}
    words = [f"DROP {quoted(name)}" for name in sorted(before - after)]
    for option in new:
        if option not in old:
            how = "SET" if option.partition("=")[0] in before else "ADD"
            words.append(f"{how} {foreign_options([option])}")
    return [f"{alter} OPTIONS ({', '.join(words)});"] if words else []
