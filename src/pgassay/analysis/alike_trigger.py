"""A trigger that gives a column its value from the row's others, as a generated column has it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from pgassay.analysis.creation.definition import automatic_name
from pgassay.analysis.creation.sql_text import dollar_quoted
from pgassay.analysis.sql_identifier import qualified, quoted
from pgassay.facts.catalog import Catalog, TableName, Trigger


@dataclass(frozen=True, slots=True)
class AlikeTrigger:
    """`sets` assigns to NEW, as `NEW.a := NEW.b;`; `calls` that it calls what the session's
    search_path finds. `under` are settings that it runs with, whatever the session's are. `holds`
    is a column that cannot be dropped before it: nobody could write to the table after that."""

    table: TableName
    name: str
    function: str
    sets: str
    calls: bool = False
    under: tuple[str, ...] = ()
    holds: str = ""

    @property
    def made(self) -> tuple[str, ...]:
        """It fires for replicated rows too (ALWAYS): those are written without others."""
        path = "\nSET search_path FROM CURRENT" if self.calls else ""
        path += "".join(f"\nSET {setting}" for setting in self.under)
        table = qualified(*self.table)
        held = f"NEW.{quoted(self.holds)}"
        # It is always true: what a condition names PostgreSQL drops with CASCADE only.
        when = f"\nWHEN ({held} IS NOT DISTINCT FROM {held})" if self.holds else ""
        body = dollar_quoted(f"\nBEGIN\n{self.sets}\n  RETURN NEW;\nEND ")
        return (
            f"CREATE FUNCTION {self.function}()\nRETURNS trigger LANGUAGE plpgsql{path} AS {body}",
            f"CREATE TRIGGER {quoted(self.name)}\nBEFORE INSERT OR UPDATE ON {table}\n"
            f"FOR EACH ROW{when} EXECUTE FUNCTION {self.function}()",
            f"ALTER TABLE {table}\nENABLE ALWAYS TRIGGER {quoted(self.name)}",
        )

    @property
    def dropped(self) -> tuple[str, ...]:
        return (
            f"DROP TRIGGER {quoted(self.name)} ON {qualified(*self.table)}",
            f"DROP FUNCTION {self.function}()",
        )


def alike_trigger(
    catalog: Catalog,
    table: TableName,
    column: str,
    expression: str,
    *,
    plain: bool = False,
    calls: bool = False,
) -> AlikeTrigger:
    """What sets `column` to `expression` of the row, in the table's own column names; `plain`: it
    is another column's name, whose value is assigned as ALTER TYPE without USING does. `calls`:
    somebody wrote it, and what it calls may stand anywhere in the search_path.

    Triggers BEFORE a row fire by their names: this one must come last, to see what the others
    make of the row.
    """
    if plain:
        sets = f"  NEW.{quoted(column)} := NEW.{expression};"
    else:
        sets = (
            f"  SELECT {expression}\n  INTO NEW.{quoted(column)}\n"  # noqa: S608
            f"  FROM (SELECT NEW.*) AS {quoted(table[1])};"
        )
    own = _own_name(table[1], column)
    name = "z" + _cut(own)
    others = [t.name for t in catalog.of(Trigger) if t.table_name == table]
    while any(other >= name for other in others):
        name = "z" + _cut(name)
        if name == "z" * 63:
            break
    return AlikeTrigger(table, name, qualified(table[0], own), sets, calls)


def _own_name(table: str, column: str) -> str:
    """Where it has to be cut it is told from others that are cut alike."""
    whole = f"{table}_{column}_alike"
    name = automatic_name(table, column, "alike")
    if name == whole:
        return name
    digest = hashlib.sha256(whole.encode()).hexdigest()[:8]
    return automatic_name(table, column, f"{digest}_alike")


def _cut(name: str) -> str:
    """With room for one letter more."""
    return name.encode()[:62].decode(errors="ignore")
