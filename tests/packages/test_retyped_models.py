"""Money columns of SQLModel's and Flask-SQLAlchemy's models, as those packages themselves have them
before and after."""

from __future__ import annotations

import json
import subprocess

import pytest

from pgassay.analysis.model_retyping import retyped_model
from tests.analysis.test_model_retyping import retyped, said_of_code
from tests.packages.conftest import Environments

pytestmark = pytest.mark.timeout(600)  # Installing may take its time.

_BUILT = """
import json, sys, types
from sqlalchemy.dialects import postgresql
found = []
for text in json.load(sys.stdin):
    module = sys.modules["retyped"] = types.ModuleType("retyped")
    exec(compile(text, "retyped.py", "exec"), module.__dict__)
    column = module.metadata.tables["expenses"].c.amount
    found.append([str(column.type.compile(dialect=postgresql.dialect())), column.nullable])
    module.metadata.clear()
print(json.dumps(found))
"""

_SQLMODEL = """\
# The lines of this file may be as long as this one, as those of most formatters are: 88.
from typing import Optional

from sqlalchemy import Column, {imports}
from sqlmodel import {fields}

metadata = SQLModel.metadata


class Expenses(SQLModel, table=True):
    id: int = Field(primary_key=True)
    {line}
    owner: str = ""
"""

# (the column before, what SQLAlchemy has, the column after, whether Float stays imported)
_FIELDS = [
    ("amount: float", "amount: Decimal = Field(max_digits=12, decimal_places=2)"),
    (
        "amount: Optional[float] = None",
        "amount: Optional[Decimal] = Field(default=None, max_digits=12, decimal_places=2)",
    ),
    (
        "amount: float = -0.5  # é",
        'amount: Decimal = Field(default=Decimal("-0.5"), max_digits=12, decimal_places=2)  # é',
    ),
    (
        "amount: Optional[float] = Field(default=None, index=True)",
        "amount: Optional[Decimal] = Field(\n"
        "        default=None, index=True, max_digits=12, decimal_places=2\n    )",
    ),
    (
        "amount: float = Field(0.0, ge=0)",
        'amount: Decimal = Field(Decimal("0.0"), ge=0, max_digits=12, decimal_places=2)',
    ),
    (
        "amount: float = Field(\n        default=0.0,  # none yet\n"
        "        ge=0  # never less\n    )",
        'amount: Decimal = Field(\n        default=Decimal("0.0"),  # none yet\n'
        "        ge=0,  # never less\n        max_digits=12,\n        decimal_places=2,\n    )",
    ),
    ("amount: float = Field()", "amount: Decimal = Field(max_digits=12, decimal_places=2)"),
    (
        "amount: Decimal = Field(max_digits=10, decimal_places=3)",
        "amount: Decimal = Field(max_digits=12, decimal_places=2)",
    ),
    (
        "amount: float = Field(sa_column=Column(Float, nullable=False))",
        "amount: Decimal = Field(sa_column=Column(Numeric(12, 2), nullable=False))",
    ),
    (
        'total: float = Field(sa_column=Column("amount", Float, nullable=False))',
        'total: Decimal = Field(sa_column=Column("amount", Numeric(12, 2), nullable=False))',
    ),
    (
        "amount: float = Field(sa_type=Float)",
        "amount: Decimal = Field(sa_type=Numeric(12, 2))",
    ),
]
_LEFT_ALONE = [
    "amount: float = Field(**given)",
    "amount: float = Field(sa_column=made)",
    "amount: float = money_field()",
    "amount: float = Field(max_digits=DIGITS)",
    "amount: confloat(ge=0)",
    "amount: Annotated[float, 8]",
    "amount: ClassVar[float]",
    'amount: list[float] = Relationship(back_populates="x")',
]

_FLASK = """\
# The lines of this file may be as long as this one, as those of most formatters are: 88.
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()
metadata = db.metadata


class Expense(db.Model):
    __tablename__ = "expenses"

    id = db.Column(db.Integer, primary_key=True)
    amount = db.Column(db.Float(53), nullable=False, default=0.0)
    x = db.Column(db.ARRAY(db.Float))
"""


def sqlmodel(line: str, imports: str = "Float", fields: str = "Field, SQLModel") -> str:
    return _SQLMODEL.format(line=line, imports=imports, fields=fields)


def test_each_form(environments: Environments) -> None:
    texts = []
    for before, after in _FIELDS:
        text, expected = sqlmodel(before), sqlmodel(after)
        if "Column(Float" in before or "Float)" in before or ", Float" in before:
            expected = expected.replace("Column, Float", "Column, Numeric")
        decimal = ("from typing", "from decimal import Decimal\nfrom typing")
        expected = expected.replace(*decimal)
        if "Decimal" in before:
            text = text.replace(*decimal)
        assert retyped(text) == expected
        assert said_of_code(expected) == []
        assert retyped(expected) == expected
        texts += [text, expected]
    texts += [_FLASK, retyped(_FLASK)]
    built = subprocess.run(
        [environments("models").python, "-c", _BUILT],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    found = json.loads(built.stdout)
    before, after = found[::2], found[1::2]
    assert {type_ for type_, _ in before} == {"FLOAT", "FLOAT(53)", "NUMERIC(10, 3)"}
    assert after == [["NUMERIC(12, 2)", nullable] for _, nullable in before]


def test_flask_sqlalchemy_names_all_by_its_object() -> None:
    expected = _FLASK.replace(
        "db.Float(53), nullable=False, default=0.0",
        'db.Numeric(12, 2), nullable=False, default=Decimal("0.0")',
    )
    expected = expected.replace("from flask ", "from decimal import Decimal\n\nfrom flask ")
    assert retyped(_FLASK) == expected
    assert retyped(_FLASK, "x") == _FLASK.replace(
        "db.ARRAY(db.Float)", "db.ARRAY(db.Numeric(12, 2))"
    )


@pytest.mark.parametrize("line", _LEFT_ALONE)
def test_what_has_no_plain_form_is_as_it_was(line: str) -> None:
    text = sqlmodel(line)
    number = text[: text.index("amount:")].count("\n") + 1
    assert retyped_model(text, number, "amount", (12, 2)) == text


def test_field_is_imported() -> None:
    text = sqlmodel("amount: float", fields="SQLModel").replace(" = Field(primary_key=True)", "")
    assert "from sqlmodel import Field, SQLModel\n" in retyped(text)
