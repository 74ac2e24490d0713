"""Where each kind of SQL text is put to be parsed, and how it is read back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from pgassay.analysis.creation import column_line, make
from pgassay.analysis.publication_tables import text_of
from pgassay.analysis.sql_identifier import qualified, quoted
from pgassay.facts.catalog import (
    Catalog,
    Column,
    Constraint,
    Domain,
    DomainConstraint,
    Function,
    Index,
    MaterializedView,
    Policy,
    Publication,
    Rule,
    SchemaObject,
    Statistics,
    Table,
    Trigger,
    View,
    ViewColumn,
)
from pgassay.facts.reparsed import TextKey
from pgassay.sources.reparse_stub import stub

ELSEWHERE = "pgassay_reparse"
"""A schema for what need not stand under its own name."""


@dataclass(frozen=True, slots=True)
class Place:
    """`put` gives the statements that put a text where it belongs; `read` names the query that
    reads it back, with `asked`. `expression`: the query for the text's expression, whose constants
    can be computed; "" where the text is one itself, None where there is none to compute.
    `output`: a default is this column's of those of `relation`, from 0 on. `tail` is read, but no
    part of the text.
    """

    put: Callable[[str], list[str]]
    read: str
    asked: dict[str, str]
    relation: tuple[str, str] = ("", "")
    expression: str | None = None
    output: int | None = None
    tail: str = ""


@dataclass(slots=True)
class Places:
    """Finds the place of a catalog's texts."""

    catalog: Catalog
    things: dict[tuple[str, tuple[str, str, str]], SchemaObject] = field(default_factory=dict)
    columns: dict[tuple[str, str], list[Column]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for thing in self.catalog.objects():
            self.things[(thing.KIND, thing.identity)] = thing
        for column in sorted(self.catalog.columns, key=lambda c: c.position):
            self.columns.setdefault(column.table_name, []).append(column)

    def thing(self, key: TextKey) -> SchemaObject | None:
        return self.things.get(key[:2])

    def text(self, key: TextKey) -> str:
        """The text as read; "" where there is none."""
        thing = self.thing(key)
        if isinstance(thing, Publication):
            return text_of(thing, key[2])
        value = getattr(thing, key[2], None)
        return value if isinstance(value, str) else ""

    def texts(self, key: TextKey) -> list[str]:
        """The text, and what else its place is made of."""
        thing = self.thing(key)
        found = [self.text(key)]
        if isinstance(thing, DomainConstraint):
            thing = self._domain(thing)
        match thing:
            case Domain():
                found += [thing.base_type, thing.collation]
            case Function():
                found += [thing.arguments, thing.returns]
            case Trigger():
                found += [thing.function]
            case Statistics():
                found += [thing.table]
            case Table():
                parent = self._parent(thing)
                found += [parent.partition_key] if parent else []
        return found

    def place(self, key: TextKey) -> Place | None:
        """None where such a text cannot be reparsed."""
        thing, prop = self.thing(key), key[2]
        match thing, prop:
            case Column(), "default":
                return self._column(thing)
            case ViewColumn(), "default":
                alter = f"ALTER VIEW {qualified(*thing.table_name)} ALTER {quoted(thing.name)}"
                return _at(
                    thing, lambda text: [f"{alter} SET DEFAULT {text}"], "reparse/column_default"
                )
            case Constraint(), "definition":
                return _constraint(thing)
            case Index(), "definition":
                return self._index(thing)
            case Policy(), "using" | "check":
                return _policy(thing, prop)
            case Trigger(), "definition":
                return _made(thing, self.catalog, "reparse/trigger")
            case Rule(), "definition":
                return _made(thing, self.catalog, "reparse/rule")
            case ((View() | MaterializedView()), "definition"):
                return _view(thing)
            case Table(), "partition_key" | "bound":
                return self._partition(thing, prop)
            case Publication(), _:
                return _publication_table(thing)
            case _:
                return self._elsewhere(thing, prop)

    def _elsewhere(self, thing: SchemaObject | None, prop: str) -> Place | None:
        """What stands as well in a schema of our own."""
        match thing, prop:
            case Statistics(), "definition":
                moved: SchemaObject = replace(thing, schema=ELSEWHERE, owner="", target=None)
                return _made(moved, self.catalog, "reparse/statistics")
            case Function(sql_body=True), "body":
                return self._function(thing, "body")
            case Function(), "arguments":
                return self._function(thing, "arguments")
            case Domain(), "default":
                moved = replace(thing, schema=ELSEWHERE, owner="", grants=(), not_null=False)
                return replace(_made(moved, self.catalog, "reparse/domain_default", prop))
            case DomainConstraint(), "definition":
                return self._domain_constraint(thing)
        return None

    def _column(self, column: Column) -> Place:
        if not column.generated:
            table, name = qualified(*column.table_name), quoted(column.name)
            alter = f"ALTER TABLE {table} ALTER COLUMN {name}"
            return _at(
                column,
                lambda text: [f"{alter} SET DEFAULT {text}"],
                "reparse/column_default",
                expression="",
                output=self.columns[column.table_name].index(column),
            )
        # On a table of the same name and columns: views may stand on the one of the context.
        moved = replace(column, schema=ELSEWHERE, collation=column.collation)

        def put(text: str) -> list[str]:
            lines = [
                column_line(replace(moved, default=text, not_null=False))
                if other.name == column.name
                else _bare(other)
                for other in self.columns[column.table_name]
            ]
            return [f"CREATE TABLE {qualified(*moved.table_name)} ({', '.join(lines)})"]

        return _at(moved, put, "reparse/column_default", expression="", relation=column.table_name)

    def _index(self, index: Index) -> Place:
        plain = replace(index, comment="", tablespace="", statistics=(), clustered=False)
        name = qualified(index.schema, index.name)

        def put(text: str) -> list[str]:
            # The context may have it: a foreign key may refer to what it makes unique.
            return [
                f"DROP INDEX IF EXISTS {name}",
                *make(replace(plain, definition=text, valid=True), Catalog(0)),
            ]

        return _at(index, put, "reparse/index")

    def _partition(self, table: Table, prop: str) -> Place | None:
        name, parent = f"{ELSEWHERE}.{quoted(table.name)}", f"{ELSEWHERE}.pgassay_parent"
        lines = ", ".join(_bare(column) for column in self.columns.get(table.table_name, []))
        asked = {"schema": ELSEWHERE, "table": table.name, "name": ""}
        if prop == "partition_key":

            def put_key(text: str) -> list[str]:
                return [f"CREATE TABLE {name} ({lines}) PARTITION BY {text}"]

            return Place(put_key, "reparse/partition_key", asked)
        owner = self._parent(table)
        if owner is None:
            return None

        def put_bound(text: str) -> list[str]:
            return [
                f"CREATE TABLE {parent} ({lines}) PARTITION BY {owner.partition_key}",
                f"CREATE TABLE {name} PARTITION OF {parent} {text}",
            ]

        return Place(put_bound, "reparse/partition_bound", asked)

    def _domain(self, constraint: DomainConstraint) -> Domain | None:
        domain = self.things.get((Domain.KIND, (constraint.schema, "", constraint.table)))
        return domain if isinstance(domain, Domain) else None

    def _parent(self, table: Table) -> Table | None:
        name = table.partition_of
        tables = self.catalog.tables
        return next((t for t in tables if name and qualified(*t.table_name) == name), None)

    def _function(self, function: Function, prop: str) -> Place:
        plain = replace(function, schema=ELSEWHERE, owner="", grants=(), comment="", settings=())
        if prop == "arguments":
            plain = replace(stub(plain), arguments=function.arguments)
        return _made(plain, self.catalog, f"reparse/function_{prop}", prop)

    def _domain_constraint(self, constraint: DomainConstraint) -> Place | None:
        domain = self._domain(constraint)
        if domain is None:
            return None
        base = Domain(
            ELSEWHERE, domain.name, base_type=domain.base_type, collation=domain.collation
        )
        moved = replace(constraint, schema=ELSEWHERE, comment="", validated=True)

        def put(text: str) -> list[str]:
            added = replace(moved, definition=text)
            return [*make(base, Catalog(0)), *make(added, Catalog(0))]

        return _at(moved, put, "reparse/domain_constraint")


def _constraint(constraint: Constraint) -> Place:
    table, name = qualified(*constraint.table_name), quoted(constraint.name)

    def put(text: str) -> list[str]:
        # The context has what foreign keys refer to and views group by.
        return [
            f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name} CASCADE",
            f"ALTER TABLE {table} ADD CONSTRAINT {name} {text}",
        ]

    expression = "reparse/check_expression" if constraint.kind == "check" else None
    return _at(constraint, put, "reparse/constraint", expression=expression)


def _policy(policy: Policy, prop: str) -> Place:
    plain = replace(policy, roles=("PUBLIC",), using="", check="", comment="", command="ALL")

    def put(text: str) -> list[str]:
        stated = replace(plain, using=text) if prop == "using" else replace(plain, check=text)
        return make(stated, Catalog(0))

    return _at(policy, put, f"reparse/policy_{prop}", expression="")


def _view(view: View | MaterializedView) -> Place:
    def put(text: str) -> list[str]:
        return [f"CREATE VIEW {ELSEWHERE}.{quoted(view.name)} AS {text}"]

    asked = {"schema": ELSEWHERE, "table": view.name, "name": ""}
    return Place(put, "reparse/view", asked, tail=";")


def _publication_table(publication: Publication) -> Place:
    def put(text: str) -> list[str]:
        return [f"CREATE PUBLICATION {quoted(publication.name)} FOR TABLE {text}"]

    return _at(publication, put, "reparse/publication_table")


def _made(thing: SchemaObject, catalog: Catalog, read: str, prop: str = "definition") -> Place:
    """The object itself with the text in it, and no comment."""

    def put(text: str) -> list[str]:
        with_text = replace(thing, comment="", **{prop: text})
        return make(with_text, Catalog(catalog.server_version_num))[:1]

    return _at(thing, put, read)


def _at(
    thing: SchemaObject,
    put: Callable[[str], list[str]],
    read: str,
    *,
    expression: str | None = None,
    output: int | None = None,
    relation: tuple[str, str] | None = None,
    tail: str = "",
) -> Place:
    schema, table, name = thing.identity
    asked = {"schema": quoted(schema), "table": table, "name": name.partition("(")[0]}
    if not isinstance(thing, Function):
        asked["name"] = name
    return Place(put, read, asked, relation or (schema, table), expression, output, tail)


def _bare(column: Column) -> str:
    collation = f" COLLATE {column.collation}" if column.collation else ""
    return f"{quoted(column.name)} {column.type}{collation}"
