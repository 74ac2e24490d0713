"""The triggers that keep a new money column like its old one, and then the old one like the new."""

from __future__ import annotations

import textwrap
from dataclasses import replace

from pgassay.analysis.alike_trigger import AlikeTrigger, alike_trigger
from pgassay.analysis.money_revisions.conversion import (
    Conversion,
    all_digits,
    in_message,
    refused_if,
)
from pgassay.analysis.sql_identifier import quoted
from pgassay.facts.catalog import Catalog, TableName


def forward_trigger(catalog: Catalog, conversion: Conversion, name: str) -> AlikeTrigger:
    """Gives the new column, called `name`, what the old one's value becomes."""
    kept, new = conversion.kept(catalog.server_major), quoted(name)
    return _trigger(
        catalog,
        conversion.column.table_name,
        name,
        f"  SELECT {kept}\n  INTO NEW.{new}\n  FROM (SELECT NEW.*) AS t;",  # noqa: S608
        all_digits(conversion),
    )


def backward_trigger(catalog: Catalog, conversion: Conversion, name: str) -> AlikeTrigger:
    """Gives the old column, under its `name`, what is written to the new; where that is not
    changed, the old one keeps its digits.

    The new column does not stand where the old one does: an INSERT that names no columns gives its
    value to the old one, and is refused, since the new one would get none or its default."""
    old = conversion.column
    now, kept = quoted(old.name), quoted(name)
    made = conversion.named(name).kept(catalog.server_major)
    subject = in_message(*old.table_name, name)
    by_order = refused_if(
        f"NEW.{kept} IS DISTINCT FROM NEW.{now}::{old.type}\n"  # noqa: S608
        f"AND NEW.{now} IS DISTINCT FROM (SELECT {made} FROM (SELECT NEW.*) AS t)",
        f"{subject}: its value is not that of {in_message(old.name)}, which stands elsewhere since "
        "its conversion: an INSERT has to name its columns",
    )
    return _trigger(
        catalog,
        old.table_name,
        name,
        f"  IF TG_OP = 'INSERT' AND NEW.{kept} IS NOT NULL THEN\n"
        f"{textwrap.indent(by_order, '    ')};\n"
        f"  ELSIF TG_OP = 'INSERT' OR NEW.{now} IS DISTINCT FROM OLD.{now} THEN\n"
        f"    NEW.{kept} := NEW.{now}::{old.type};\n  END IF;",
        all_digits(conversion),
    )


def _trigger(
    catalog: Catalog, table: TableName, column: str, sets: str, under: tuple[str, ...]
) -> AlikeTrigger:
    alike = alike_trigger(catalog, table, column, "")
    return replace(alike, sets=sets, under=under, holds=column)
