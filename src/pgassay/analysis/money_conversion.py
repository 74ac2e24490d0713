"""How a column is converted to a numeric of fixed precision without changing its values."""

from __future__ import annotations

from pgassay.analysis.money import element_type, is_float, is_money_type, precision_of
from pgassay.facts.money import MoneyColumn

_RESERVED_WORDS = """
    all analyse analyze and any array as asc asymmetric authorization binary both case cast check
    collate collation column concurrently constraint create cross current_catalog current_date
    current_role current_schema current_time current_timestamp current_user default deferrable desc
    distinct do else end except false fetch for foreign freeze from full grant group having ilike in
    initially inner intersect into is isnull join lateral leading left like limit localtime
    localtimestamp natural not notnull null offset on only or order outer overlaps placing primary
    references returning right select session_user similar some symmetric system_user table
    tablesample then to trailing true union unique user using variadic verbose when where window
    with
"""
"""PostgreSQL's reserved words: as names they need quotes."""

_RESERVED = frozenset(_RESERVED_WORDS.split())


def quoted(name: str) -> str:
    """A name as SQL wants it, in quotes where it needs them."""
    plain = name.isascii() and name.isidentifier() and name == name.lower()
    if plain and name not in _RESERVED:
        return name
    return '"' + name.replace('"', '""') + '"'


def using(name: str, type_: str, wanted: tuple[int, int]) -> str:
    """The expression that converts a column of a type: `amount::text::numeric(12,2)`.

    Floats go through text: `123456.78::real::numeric` is 123457, through text it is exact.
    """
    brackets = type_[len(element_type(type_)) :]
    through = f"::text{brackets}" if is_float(type_) else ""
    return f"{quoted(name)}{through}::numeric({wanted[0]},{wanted[1]}){brackets}"


def only_widens(type_: str, wanted: tuple[int, int]) -> bool:
    """Whether the change keeps all values as they are stored, so that no table is rewritten."""
    precision = precision_of(type_)
    return precision is not None and precision[1] == wanted[1] and precision[0] <= wanted[0]


def alembic_step(column: MoneyColumn, type_: str, wanted: tuple[int, int]) -> str:
    """The Alembic operation that converts a column from a type."""
    new = sqlalchemy_type(type_, wanted, prefix="sa.")
    arguments = [f'"{column.table}"', f'"{column.name}"', f"type_={new}"]
    if column.schema != "public":
        arguments.append(f'schema="{column.schema}"')
    if not only_widens(type_, wanted):
        expression = using(column.name, type_, wanted)
        quote = "'" if '"' in expression else '"'
        arguments.append(f"postgresql_using={quote}{expression}{quote}")
    return f"op.alter_column({', '.join(arguments)})"


def sqlalchemy_type(type_: str, wanted: tuple[int, int], prefix: str = "") -> str:
    """The wanted type as a model writes it; an array stays an array."""
    new = f"{prefix}Numeric({wanted[0]}, {wanted[1]})"
    return f"{prefix}ARRAY({new})" if type_.endswith("[]") else new


def misfits_query(column: MoneyColumn, type_: str, wanted: tuple[int, int]) -> str:
    """SQL that counts the values which do not fit or are NaN; "" where none can be."""
    if type_.endswith("[]") or is_money_type(type_) or only_widens(type_, wanted):
        return ""
    table = f"{quoted(column.schema)}.{quoted(column.table)}"
    # Rounding comes first (9999999999.995 does not fit numeric(12,2)); NaN, which a conversion
    # would let through, is above all numbers.
    value = f"abs(round({quoted(column.name)}::text::numeric, {wanted[1]}))"
    count = f"SELECT count(*) FROM {table}"  # noqa: S608 - it is shown, never run
    return f"{count} WHERE {value} >= 1e{wanted[0] - wanted[1]}"
