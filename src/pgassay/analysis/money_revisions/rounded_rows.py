"""The query for every value that a conversion rounds, with the key of its row."""

from __future__ import annotations

from pgassay.analysis.money_revisions.conversion import Conversion, currency_of
from pgassay.analysis.row_keys import row_key
from pgassay.analysis.sql_identifier import qualified, quoted
from pgassay.facts.catalog import Catalog


def rounded_rows(catalog: Catalog, conversion: Conversion) -> str:
    """By key: its parts, the currency, the value, what it becomes; all as text."""
    column, kept = conversion.column, conversion.kept(catalog.server_major)
    table = column.table_name
    places = [f"t.{quoted(name)}" for name in row_key(table, catalog)]
    return (
        f"SELECT {', '.join(f'{place}::text' for place in places)},\n"
        f"{currency_of(catalog, table)}, t.{quoted(column.name)}::text, ({kept})::text\n"
        f"FROM {qualified(*table)} t WHERE {kept} <> {conversion.exact()}\n"
        f"ORDER BY {', '.join(places)}"
    )
