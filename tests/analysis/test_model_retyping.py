"""A money column of a model becomes Numeric and Decimal, and nothing else of the file changes.

What SQLAlchemy makes of each text is SQLAlchemy's to say; what MON005 and its neighbours say of it
is asked of them.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import MetaData
from sqlalchemy.dialects import postgresql

from pgassay.analysis.model_columns import written_columns
from pgassay.analysis.model_retyping import retyped_model
from pgassay.analysis.money_in_code.modules import money_in_code, money_in_module
from pgassay.facts.settings import MoneySettings

_HEAD = """\
# All that is written here is kept as it is, even \u201ethis\u201c, and so are the widths, as here.
import datetime
{imports}
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Expense(Base):  # one row a receipt
    __tablename__ = "expenses"
    __allow_unmapped__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
"""
_TAIL = """
    note: Mapped[str | None]  # "Mapped[float] = mapped_column(Float)"

    def shown(self) -> str:
        return f"{self.id:5} é"
"""


def retyped(text: str, column: str = "amount", wanted: tuple[int, int] = (12, 2)) -> str:
    """At the line where the column is written."""
    (line,) = (
        c.node.lineno
        for c in written_columns(ast.parse(text))
        if (c.table, c.column) == ("expenses", column)
    )
    after = retyped_model(text, line, column, wanted)
    ast.parse(after)
    return after


@contextmanager
def executed(text: str) -> Iterator[ModuleType]:
    """The text as a module of its own, which SQLAlchemy looks names up in."""
    module = ModuleType("retyped")
    sys.modules["retyped"] = module
    try:
        exec(compile(text, "retyped.py", "exec"), module.__dict__)
        yield module
    finally:
        del sys.modules["retyped"]


def built_type(text: str, column: str = "amount") -> str:
    """The column's type as SQLAlchemy has it for PostgreSQL."""
    with executed(text) as module:
        base: Any = getattr(module, "Base", module)
        metadata: MetaData = base.metadata
        kept = metadata.tables["expenses"].c[column].type
        return str(kept.compile(dialect=postgresql.dialect()))


def said_of_code(text: str) -> list[str]:
    """What MON005 to MON008 have of the column."""
    settings = MoneySettings(columns=("*.amount", "expenses.amount"))
    found = money_in_code([money_in_module("app/models.py", text, settings)])
    return [f"{one.kind}: {one.text}" for one in found]


def model(line: str, imports: str) -> str:
    return f"{_HEAD.format(imports=imports)}    {line}\n{_TAIL}"


FLOAT = "from sqlalchemy import Float"
NUMERIC = "from sqlalchemy import Numeric"
MAPPED = "amount: Mapped[float] = mapped_column"
EXACT = "amount: Mapped[Decimal] = mapped_column"

# (the column before, the imports before, the column after, the imports after)
FORMS: dict[str, tuple[str, str, str, str]] = {
    "class": (
        f"{MAPPED}(Float)",
        FLOAT,
        f"{EXACT}(Numeric(12, 2))",
        NUMERIC,
    ),
    "called": (
        f"{MAPPED}(Float())",
        FLOAT,
        f"{EXACT}(Numeric(12, 2))",
        NUMERIC,
    ),
    "precision": (
        f"{MAPPED}(Float(53))",
        FLOAT,
        f"{EXACT}(Numeric(12, 2))",
        NUMERIC,
    ),
    "decimals of a float": (
        f"{MAPPED}(Float(precision=53, asdecimal=True))",
        FLOAT,
        f"{EXACT}(Numeric(12, 2))",
        NUMERIC,
    ),
    "Double": (
        f"{MAPPED}(Double, nullable=False)",
        "from sqlalchemy import Double",
        f"{EXACT}(Numeric(12, 2), nullable=False)",
        NUMERIC,
    ),
    "REAL": (
        f"{MAPPED}(REAL)",
        "from sqlalchemy import Integer, REAL",
        f"{EXACT}(Numeric(12, 2))",
        "from sqlalchemy import Integer, Numeric",
    ),
    "DOUBLE_PRECISION": (
        f"{MAPPED}(DOUBLE_PRECISION)",
        "from sqlalchemy import DOUBLE_PRECISION, Text",
        f"{EXACT}(Numeric(12, 2))",
        "from sqlalchemy import Numeric, Text",
    ),
    "postgresql.MONEY": (
        f"{MAPPED}(postgresql.MONEY)",
        "from sqlalchemy.dialects import postgresql",
        f"{EXACT}(postgresql.NUMERIC(12, 2))",
        "from sqlalchemy.dialects import postgresql",
    ),
    "MONEY": (
        f"{MAPPED}(MONEY)",
        f"{NUMERIC}\nfrom sqlalchemy.dialects.postgresql import MONEY",
        f"{EXACT}(Numeric(12, 2))",
        NUMERIC,
    ),
    "Numeric": (
        f"{MAPPED}(Numeric)",
        NUMERIC,
        f"{EXACT}(Numeric(12, 2))",
        NUMERIC,
    ),
    "another precision": (
        f"{EXACT}(Numeric(10, 2))",
        f"from decimal import Decimal\n\n{NUMERIC}",
        f"{EXACT}(Numeric(12, 2))",
        f"from decimal import Decimal\n\n{NUMERIC}",
    ),
    "asdecimal=False": (
        f"{MAPPED}(Numeric(18, 4, asdecimal=False))",
        NUMERIC,
        f"{EXACT}(Numeric(12, 2))",
        NUMERIC,
    ),
    "DECIMAL": (
        f"{MAPPED}(DECIMAL(10))",
        "from sqlalchemy import DECIMAL",
        f"{EXACT}(Numeric(12, 2))",
        NUMERIC,
    ),
    "by keyword": (
        f"{MAPPED}(Numeric(precision=10, scale=2))",
        NUMERIC,
        f"{EXACT}(Numeric(12, 2))",
        NUMERIC,
    ),
    "only the annotation": (
        f"{MAPPED}(Numeric(precision=12, scale=2))",
        NUMERIC,
        f"{EXACT}(Numeric(precision=12, scale=2))",
        NUMERIC,
    ),
    "sa": (
        f"{MAPPED}(sa.Float)",
        "import sqlalchemy as sa",
        f"{EXACT}(sa.Numeric(12, 2))",
        "import sqlalchemy as sa",
    ),
    "sqlalchemy": (
        f"{MAPPED}(sqlalchemy.Float(24))",
        "import sqlalchemy",
        f"{EXACT}(sqlalchemy.Numeric(12, 2))",
        "import sqlalchemy",
    ),
    "sqlalchemy by a part": (
        f"{MAPPED}(sqlalchemy.Float)",
        "import sqlalchemy.exc",
        f"{EXACT}(sqlalchemy.Numeric(12, 2))",
        "import sqlalchemy.exc",
    ),
    "types": (
        f"{MAPPED}(types.Float)",
        "from sqlalchemy import types",
        f"{EXACT}(types.Numeric(12, 2))",
        "from sqlalchemy import types",
    ),
    "of types": (
        f"{MAPPED}(Float)",
        "from sqlalchemy.types import Float, String",
        f"{EXACT}(Numeric(12, 2))",
        "from sqlalchemy.types import Numeric, String",
    ),
    "by other names": (
        f"{MAPPED}(F8)",
        "from sqlalchemy import Float as F8, Numeric as Num",
        f"{EXACT}(Num(12, 2))",
        "from sqlalchemy import Numeric as Num",
    ),
    "all of it": (
        f"{MAPPED}(Float)",
        "from sqlalchemy import *",
        f"{EXACT}(Numeric(12, 2))",
        "from sqlalchemy import *",
    ),
    "type_": (
        f"{MAPPED}(nullable=False, type_=Float)",
        FLOAT,
        f"{EXACT}(nullable=False, type_=Numeric(12, 2))",
        NUMERIC,
    ),
    "a name first": (
        'sum_: Mapped[float] = mapped_column("amount", Float(), index=True)',
        FLOAT,
        'sum_: Mapped[Decimal] = mapped_column("amount", Numeric(12, 2), index=True)',
        NUMERIC,
    ),
    "a name by keyword": (
        'sum_: Mapped[float] = mapped_column(Float, name="amount")',
        FLOAT,
        'sum_: Mapped[Decimal] = mapped_column(Numeric(12, 2), name="amount")',
        NUMERIC,
    ),
    "or none": (
        "amount: Mapped[float | None] = mapped_column(Float)",
        FLOAT,
        "amount: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))",
        NUMERIC,
    ),
    "Optional": (
        "amount: Mapped[Optional[float]] = mapped_column(Float)",
        "from typing import Optional\n\nfrom sqlalchemy import Float",
        "amount: Mapped[Optional[Decimal]] = mapped_column(Numeric(12, 2))",
        "from decimal import Decimal\nfrom typing import Optional\n\n" + NUMERIC,
    ),
    "Union": (
        "amount: Mapped[Union[float, None]]",
        "from typing import Union\n\nfrom sqlalchemy import Float",
        "amount: Mapped[Union[Decimal, None]] = mapped_column(Numeric(12, 2))",
        "from decimal import Decimal\nfrom typing import Union\n\n"
        "from sqlalchemy import Float, Numeric",
    ),
    "in quotes": (
        'amount: Mapped["float | None"] = mapped_column(Float)',
        FLOAT,
        'amount: Mapped["Decimal | None"] = mapped_column(Numeric(12, 2))',
        NUMERIC,
    ),
    "all in quotes": (
        "amount: 'Mapped[float]' = mapped_column(Float)",
        FLOAT,
        "amount: 'Mapped[Decimal]' = mapped_column(Numeric(12, 2))",
        NUMERIC,
    ),
    "decimal is imported": (
        f"{MAPPED}(Float)",
        f"import decimal\n\n{FLOAT}",
        "amount: Mapped[decimal.Decimal] = mapped_column(Numeric(12, 2))",
        f"import decimal\n\n{NUMERIC}",
    ),
    "Decimal by another name": (
        f"{MAPPED}(Float, default=0.5)",
        f"from decimal import Decimal as D\n\n{FLOAT}",
        'amount: Mapped[D] = mapped_column(Numeric(12, 2), default=D("0.5"))',
        f"from decimal import Decimal as D\n\n{NUMERIC}",
    ),
    "no type": (
        f"{MAPPED}(nullable=False)",
        NUMERIC,
        f"{EXACT}(Numeric(12, 2), nullable=False)",
        NUMERIC,
    ),
    "no type, nothing": (
        f"{MAPPED}()",
        NUMERIC,
        f"{EXACT}(Numeric(12, 2))",
        NUMERIC,
    ),
    "no type but a name": (
        'sum_: Mapped[float] = mapped_column("amount")',
        NUMERIC,
        'sum_: Mapped[Decimal] = mapped_column("amount", Numeric(12, 2))',
        NUMERIC,
    ),
    "no type but a name and more": (
        'sum_: Mapped[float] = mapped_column("amount", CheckConstraint("amount > 0"))',
        "from sqlalchemy import CheckConstraint, Numeric",
        'sum_: Mapped[Decimal] = mapped_column(\n        "amount", Numeric(12, 2), '
        'CheckConstraint("amount > 0")\n    )',
        "from sqlalchemy import CheckConstraint, Numeric",
    ),
    "annotation alone": (
        "amount: Mapped[float]  # in all",
        "from sqlalchemy import Text",
        "amount: Mapped[Decimal] = mapped_column(Numeric(12, 2))  # in all",
        "from sqlalchemy import Numeric, Text",
    ),
    "Decimal alone": (
        "amount: Mapped[Decimal]",
        f"from decimal import Decimal\n\n{NUMERIC}",
        f"{EXACT}(Numeric(12, 2))",
        f"from decimal import Decimal\n\n{NUMERIC}",
    ),
    "Column": (
        "amount = Column(Float, nullable=False)",
        "from sqlalchemy import Column, Float, Text",
        "amount = Column(Numeric(12, 2), nullable=False)",
        "from sqlalchemy import Column, Numeric, Text",
    ),
    "Column, annotated": (
        "amount: float = sa.Column('amount', sa.Float)",
        "import sqlalchemy as sa",
        "amount: Decimal = sa.Column('amount', sa.Numeric(12, 2))",
        "import sqlalchemy as sa",
    ),
    "default": (
        f"{MAPPED}(Float, default=0.0)",
        FLOAT,
        f'{EXACT}(Numeric(12, 2), default=Decimal("0.0"))',
        NUMERIC,
    ),
    "defaults": (
        f'{MAPPED}(Float, insert_default=-1_0.50, onupdate=1e2, server_default="0.0")',
        FLOAT,
        "amount: Mapped[Decimal] = mapped_column(\n"
        '        Numeric(12, 2), insert_default=Decimal("-1_0.50"), onupdate=Decimal("1e2"), '
        'server_default="0.0"\n    )',
        NUMERIC,
    ),
    "a whole default": (
        f"{MAPPED}(Float, default=0)",
        FLOAT,
        f"{EXACT}(Numeric(12, 2), default=0)",
        NUMERIC,
    ),
    "a function for a default": (
        f"{MAPPED}(Float, default=lambda: 0.0)",
        FLOAT,
        f"{EXACT}(Numeric(12, 2), default=lambda: 0.0)",
        NUMERIC,
    ),
    "over lines": (
        f"{MAPPED}(\n        Float,  # not exact\n        nullable=False,  # é\n    )",
        FLOAT,
        f"{EXACT}(\n        Numeric(12, 2),  # not exact\n        nullable=False,  # é\n    )",
        NUMERIC,
    ),
    "no type, over lines": (
        'sum_: Mapped[float] = mapped_column(\n        "amount",  # its name\n        '
        "nullable=False,  # é\n    )",
        NUMERIC,
        'sum_: Mapped[Decimal] = mapped_column(\n        "amount",  # its name\n        '
        "Numeric(12, 2),\n        nullable=False,  # é\n    )",
        NUMERIC,
    ),
    "no type but a name, over lines": (
        'sum_: Mapped[float] = mapped_column(\n        "amount",  # é\n    )',
        NUMERIC,
        'sum_: Mapped[Decimal] = mapped_column(\n        "amount",  # é\n        '
        "Numeric(12, 2),\n    )",
        NUMERIC,
    ),
    "after another character": (
        'é: Mapped[float] = mapped_column("amount", Float, comment="€")',
        FLOAT,
        'é: Mapped[Decimal] = mapped_column("amount", Numeric(12, 2), comment="€")',
        NUMERIC,
    ),
    "another on the line": (
        "x = 1.5; amount: Mapped[float] = mapped_column(Float)",
        FLOAT,
        "x = 1.5; amount: Mapped[Decimal] = mapped_column(Numeric(12, 2))",
        NUMERIC,
    ),
    "generated": (
        f'{MAPPED}(Float, Computed("id * 1.0"))',
        "from sqlalchemy import Computed, Float",
        f'{EXACT}(Numeric(12, 2), Computed("id * 1.0"))',
        "from sqlalchemy import Computed, Numeric",
    ),
}


def _with_decimal(line: str, imports: str) -> str:
    """Most files do not import it yet; there it comes after datetime."""
    said = "Decimal" in line and "import Decimal" not in imports and "decimal." not in line
    return f"from decimal import Decimal\n{imports}" if said else imports


@pytest.mark.parametrize("form", FORMS)
def test_each_form(form: str) -> None:
    before, imports, after, imports_after = FORMS[form]
    text = model(before, imports)
    expected = model(after, _with_decimal(after, imports_after))
    assert built_type(text) != "NUMERIC(12, 2)" or said_of_code(text) != []
    assert retyped(text) == expected
    assert built_type(expected) == "NUMERIC(12, 2)"
    assert said_of_code(expected) == []
    assert retyped(expected) == expected


def test_arrays() -> None:
    for before, imports, after, imports_after in (
        ("ARRAY(Float)", "ARRAY, Float", "ARRAY(Numeric(12, 2))", "ARRAY, Numeric"),
        (
            *("ARRAY(item_type=Float(53), dimensions=1)", "ARRAY, Float"),
            *("ARRAY(item_type=Numeric(12, 2), dimensions=1)", "ARRAY, Numeric"),
        ),
    ):
        text = model(
            f"amount: Mapped[list[float]] = mapped_column({before})  # wide enough",
            f"from sqlalchemy import {imports}",
        )
        expected = model(
            f"amount: Mapped[list[Decimal]] = mapped_column({after})  # wide enough",
            f"from decimal import Decimal\nfrom sqlalchemy import {imports_after}",
        )
        assert built_type(text) in ("FLOAT[]", "FLOAT(53)[]")
        assert retyped(text) == expected
        assert built_type(expected) == "NUMERIC(12, 2)[]"
        assert said_of_code(expected) == []


_CORE = """\"\"\"Tables.\"\"\"
from sqlalchemy import Column, Float, Integer, MetaData, Table

metadata = MetaData()
expenses = Table(
\t"expenses",
\tmetadata,
\tColumn("id", Integer, primary_key=True), Column("amount", Float, default=0.0), Column("x", Float),
\tColumn(
\t\t"total", Float(53)  # in all
\t),
)
"""


def test_core_tables() -> None:
    """With tabs, and others on the line. Float is imported until the last of them is gone."""
    first = retyped(_CORE)
    assert first == _CORE.replace(
        "from sqlalchemy import Column, Float, Integer, MetaData, Table",
        "from decimal import Decimal\n\n"
        "from sqlalchemy import Column, Float, Integer, MetaData, Numeric, Table",
    ).replace('"amount", Float, default=0.0', '"amount", Numeric(12, 2), default=Decimal("0.0")')
    both = retyped(retyped(first, "total", (18, 6)), "x")
    assert both == first.replace("Float, ", "", 1).replace("Float(53)", "Numeric(18, 6)").replace(
        '"x", Float', '"x", Numeric(12, 2)'
    )
    for column, expected in (("amount", (12, 2)), ("total", (18, 6)), ("x", (12, 2))):
        assert built_type(both, column) == f"NUMERIC{expected}"


_CLASSIC = """import uuid
from sqlalchemy import (
    Column,
    Float,  # to go
    Integer,  # to stay
    String  # no comma
)
from sqlalchemy.orm import declarative_base  # noqa: E402

Base = declarative_base()


def audited(cls):
    return cls


@audited
class Expense(Base):
  __tablename__ = 'expenses'

  id = Column(Integer, primary_key=True)
  note = Column(String)
  amount = Column('amount', Float, nullable=False, default=0.0, index=True, comment='all')  # sum
"""


def test_the_layout_of_the_file_is_kept() -> None:
    """Decorators, two blanks, single quotes, imports a line each with comments; a class as 1.x has
    it. What grows too long is put on lines of its own."""
    expected = (
        _CLASSIC.replace("    Float,  # to go\n", "")
        .replace("    String  # no comma\n", "    Numeric,\n    String  # no comma\n")
        .replace("import uuid\n", "import uuid\nfrom decimal import Decimal\n")
        .replace(
            "Column('amount', Float, nullable=False, default=0.0, index=True, comment='all')",
            "Column(\n    'amount', Numeric(12, 2), nullable=False, default=Decimal('0.0'), "
            "index=True, comment='all'\n  )",
        )
    )
    assert retyped(_CLASSIC) == expected
    assert built_type(expected) == "NUMERIC(12, 2)"


@pytest.mark.parametrize(
    ("line", "imports"),
    [
        ("amount: Mapped[float] = mapped_column(Money())", "from app.types import Money"),
        ("amount: Mapped[float] = mapped_column(Money)", "from app.types import Money"),
        ("amount: Mapped[float] = mapped_column(MONEY)", "from app.types import MONEY"),
        ("amount: Mapped[float] = mapped_column(Float)", "from .sqlalchemy import Float"),
        (
            "amount: Mapped[float] = mapped_column(Float)",
            "from sqlalchemy import *\nfrom app.types import *",
        ),
        ("amount: Mapped[float] = mapped_column(db.Float)", "from app import db"),
        ("amount: Mapped[money]", NUMERIC),
        ("amount: Mapped[int]", NUMERIC),
        ("amount: Mapped[list[float]]", NUMERIC),
        ("amount: Mapped[float | Decimal]", NUMERIC),
        ("amount: Mapped[Annotated[float, 8]]", "from typing import Annotated"),
        ("amount: Mapped[money] = mapped_column(nullable=False)", NUMERIC),
        ("amount: Mapped[float] = mapped_column(*given)", NUMERIC),
        ("amount: Mapped[float] = mapped_column(**given)", NUMERIC),
        ("amount: Mapped[float] = mapped_column(Float(*given))", FLOAT),
        ("amount: Mapped[float] = mapped_column(Numeric(DIGITS, 2))", NUMERIC),
        ("amount: Mapped[float] = mapped_column(Float().with_variant(REAL, 'x'))", FLOAT),
        ("amount: Mapped[float] = mapped_column(ARRAY())", "from sqlalchemy import ARRAY"),
        ("amount: Mapped[str] = mapped_column(ARRAY(Text))", "from sqlalchemy import ARRAY, Text"),
        ("amount = mapped_column(nullable=False)", NUMERIC),
        ("amount = Column('amount', ForeignKey('a.b'))", NUMERIC),
        # The name that would have to be imported is another thing's.
        ("amount: Mapped[float] = mapped_column(Float)", f"{FLOAT}\nfrom app import Decimal"),
        ("amount: Mapped[float] = mapped_column(Float)", f"{FLOAT}\nNumeric = float"),
    ],
)
def test_what_has_no_plain_form_is_as_it_was(line: str, imports: str) -> None:
    text = model(line, imports)
    assert retyped(text) == text


def test_only_the_column_at_the_line() -> None:
    text = model(f"{MAPPED}(Float)", FLOAT)
    line = text[: text.index("amount:")].count("\n") + 1
    assert retyped_model(text, line, "amount", (12, 2)) != text
    for other, column in ((line - 1, "amount"), (line, "note"), (line, ""), (9999, "amount")):
        assert retyped_model(text, other, column, (12, 2)) == text
    assert retyped_model("def (", 1, "amount", (12, 2)) == "def ("
    made = model("amount = money_column()", FLOAT)
    assert retyped_model(made, line, "amount", (12, 2)) == made


def test_where_the_new_import_goes() -> None:
    """Before the first class, as what is imported after it comes too late; by its section."""
    late = "from app import other  # noqa: E402\n"
    for imports, expected in (
        (
            f"from __future__ import annotations\n\n{FLOAT}",
            f"from __future__ import annotations\n\nfrom decimal import Decimal\n\n{NUMERIC}",
        ),
        (
            f"import decimal as d\nimport typing\n\n{FLOAT}",
            f"import decimal as d\nimport typing\n\n{NUMERIC}",
        ),
        (f"{FLOAT}  # noqa: F401", f"from decimal import Decimal\n\n{NUMERIC}  # noqa: F401"),
    ):
        text = model(f"{MAPPED}(Float)", imports).replace("import datetime\n", "") + late
        decimal = "d.Decimal" if "as d" in imports else "Decimal"
        after = f"amount: Mapped[{decimal}] = mapped_column(Numeric(12, 2))"
        assert retyped(text) == model(after, expected).replace("import datetime\n", "") + late
