"""One column on its way to the policy's type, and the SQL that says what its values become."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pgassay.analysis.creation.sql_text import dollar_quoted
from pgassay.analysis.money import is_float
from pgassay.analysis.money_amounts import amounts_of, currency
from pgassay.analysis.money_conversion import only_widens
from pgassay.analysis.row_predicates import (
    base_type,
    exact_numeric,
    not_finite,
    too_large,
    violated,
)
from pgassay.analysis.sql_identifier import literal, qualified
from pgassay.facts.catalog import Catalog, Column, TableName
from pgassay.facts.data_rule import Fits


@dataclass(frozen=True, slots=True)
class Conversion:
    """`rounds`: values that the plan saw would be rounded."""

    column: Column
    wanted: tuple[int, int]
    rounds: int = 0

    @property
    def type(self) -> str:
        return f"numeric({self.wanted[0]},{self.wanted[1]})"

    @property
    def widens(self) -> bool:
        return only_widens(self.column.type, self.wanted)

    def named(self, name: str) -> Conversion:
        """The same of the column under another name."""
        return replace(self, column=replace(self.column, name=name))

    def exact(self) -> str:
        """A row's value of `t` with the digits it shows."""
        return exact_numeric(self.column.name, base_type(self.column))

    def rounded(self) -> str:
        """What it becomes, once it is known to fit."""
        return f"{self.exact().removesuffix('::numeric')}::{self.type}"

    def unfit(self, major: int) -> str:
        """Whether it is NaN, infinite or too large; NULL for NULL."""
        precision, scale = self.wanted
        rule = Fits(
            table=self.column.table_name, column=self.column.name, precision=precision, scale=scale
        )
        return violated(rule, {self.column.name: self.column}, major)

    def kept(self, major: int) -> str:
        """What it becomes; NULL for what nothing keeps, so that nobody's writing fails on it."""
        name, type_ = self.column.name, base_type(self.column)
        strange = not_finite(name, type_, major)
        first = f"WHEN {strange} THEN NULL " if strange else ""
        large = too_large(name, type_, *self.wanted)
        return f"CASE {first}WHEN {large} THEN NULL ELSE {self.rounded()} END"


def all_digits(*conversions: Conversion) -> tuple[str, ...]:
    """The setting under which a float's text has all of its digits: with fewer, as a session, a
    role or a database may have it, 123456789.12 becomes 123456789, and every sum with it."""
    floats = any(is_float(base_type(one.column)) for one in conversions)
    return ("extra_float_digits = 3",) if floats else ()


def set_local(*settings: str) -> list[str]:
    return [f"SET LOCAL {setting}" for setting in settings]


def sums(catalog: Catalog, table: TableName, values: Sequence[str]) -> str:
    """A query for the number of rows and the sums of the values in each currency, as one text such
    as `EUR 3 12.50; USD 1 4.00`."""
    shown = ", ".join(
        f"coalesce(sum({value})::text, '-') AS s{n}" for n, value in enumerate(values)
    )
    names = ", ".join(f"s{n}" for n in range(len(values)))
    return (
        f"SELECT string_agg(concat_ws(' ', currency, n, {names}), '; '"  # noqa: S608
        " ORDER BY currency)\n"
        f"FROM (SELECT {currency_of(catalog, table)} AS currency, count(*) AS n,\n"
        f"  {shown}\n"
        f"  FROM {qualified(*table)} t GROUP BY 1) one"
    )


def refused_if(condition: str, message: str, *values: str) -> str:
    """PL/pgSQL that ends with the message, in which each % is one of the values; names in it are
    `in_message`.

    Written without a %: `alembic upgrade --sql` doubles them."""
    rest, told = iter(values), []
    for part in re.findall(r"(?:[^%]|%%)+|%", message):
        told.append(next(rest) if part == "%" else literal(part.replace("%%", "%")))
    said = ",\n    ".join(told)
    return f"IF {condition} THEN\n  RAISE EXCEPTION USING MESSAGE = concat(\n    {said});\nEND IF"


def in_message(*names: str) -> str:
    """A name with dots, as a message of `refused_if` has it."""
    return ".".join(names).replace("%", "%%")


def in_a_transaction(table: TableName) -> str:
    """Refused by PostgreSQL outside of one, as where env.py sets AUTOCOMMIT: there no time-out
    would hold, and what belongs together would not be."""
    return f"LOCK TABLE {qualified(*table)} IN ACCESS SHARE MODE"


def block(variables: Mapping[str, str], *steps: str) -> str:
    """A DO statement. The variables' names are no column's."""
    declared = "".join(f"  {name} {type_};\n" for name, type_ in variables.items())
    body = "".join(textwrap.indent(f"{step};\n", "  ") for step in steps)
    return "DO " + dollar_quoted(f"\nDECLARE\n{declared}BEGIN\n{body}END ")


def currency_of(catalog: Catalog, table: TableName) -> str:
    """A row's currency as text, '' where the table has no such column, or several."""
    columns = {c.name: c for c in catalog.columns if c.table_name == table}
    return currency(amounts_of(columns, ()), columns)
