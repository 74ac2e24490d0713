"""The Alembic operations and SQLAlchemy types that stand for catalog objects."""

from __future__ import annotations

import re

from pgassay.facts.catalog import Column
from pgassay.facts.history import History

_TYPES = {
    "smallint": "sa.SmallInteger()",
    "integer": "sa.Integer()",
    "bigint": "sa.BigInteger()",
    "real": "postgresql.REAL()",
    # sa.Double came with SQLAlchemy 2.0 only.
    "double precision": "sa.Float(53)",
    "numeric": "sa.Numeric()",
    "boolean": "sa.Boolean()",
    "text": "sa.Text()",
    "character varying": "sa.String()",
    "bytea": "sa.LargeBinary()",
    "date": "sa.Date()",
    "time without time zone": "sa.Time()",
    "timestamp without time zone": "sa.DateTime()",
    "timestamp with time zone": "sa.DateTime(timezone=True)",
    "interval": "sa.Interval()",
    "uuid": "postgresql.UUID()",
    "json": "sa.JSON()",
    "jsonb": "postgresql.JSONB()",
    "inet": "postgresql.INET()",
    "money": "postgresql.MONEY()",
}
_WITH_ARGUMENTS = (
    (re.compile(r"numeric\((\d+),(-?\d+)\)"), r"sa.Numeric(\1, \2)"),
    (re.compile(r"character varying\((\d+)\)"), r"sa.String(\1)"),
    (re.compile(r"character\((\d+)\)"), r"sa.CHAR(\1)"),
)

# Before what text() would take for a parameter, and before what it would take a backslash from:
# sqlalchemy.sql.compiler, BIND_PARAMS and BIND_PARAMS_ESC.
_TAKEN = re.compile(r"(?<![:\w\\])(?=:\w+(?![:\w]))|(?<=\\)(?=:\w*(?![:\w]))")


def alembic_command(history: History | None, arguments: str) -> str:
    """The command line, with the ini file and section where they are not Alembic's defaults."""
    options = ""
    if history and history.ini and history.ini.path != "alembic.ini":
        options += f" -c {history.ini.path}"
    if history and history.ini_section != "alembic":
        options += f" -n {history.ini_section}"
    return f"alembic{options} {arguments}"


def in_op_execute(sql: str) -> str:
    """The SQL as a string for op.execute(), which makes it SQLAlchemy's text(): there `:name` is a
    bind parameter, but for one after a backslash, which goes. `::` stays."""
    return _TAKEN.sub(r"\\", sql)


def sqlalchemy_type(type_: str) -> str | None:
    """The SQLAlchemy type of a format_type() text; None for one without a common name."""
    if type_.endswith("[]"):
        element = sqlalchemy_type(type_[:-2])
        return f"postgresql.ARRAY({element})" if element else None
    for pattern, replacement in _WITH_ARGUMENTS:
        if match := pattern.fullmatch(type_):
            return match.expand(replacement)
    return _TYPES.get(type_)


def sqlalchemy_column(column: Column) -> str | None:
    """`sa.Column(...)` as a model or `op.add_column` writes it."""
    type_ = sqlalchemy_type(column.type)
    if type_ is None:
        return None
    parts = [repr(column.name), type_]
    # Texts of sa.text() too.
    default = in_op_execute(column.default or "")
    if column.generated.endswith("identity"):
        parts.append(f"sa.Identity(always={column.generated.startswith('always')})")
    elif column.generated:
        stored = column.generated == "stored"
        parts.append(f"sa.Computed({default!r}, persisted={stored})")
    elif default and not default.startswith("nextval("):
        parts.append(f"server_default=sa.text({default!r})")
    parts.append(f"nullable={not column.not_null}")
    return f"sa.Column({', '.join(parts)})"


def op_add_column(column: Column) -> str | None:
    written = sqlalchemy_column(column)
    schema = "" if column.schema == "public" else f", schema={column.schema!r}"
    return f"op.add_column({column.table!r}, {written}{schema})" if written else None
