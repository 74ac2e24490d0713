"""Where models are written, of each kind of model."""

from __future__ import annotations

from pathlib import Path

from pgassay.sources.model_files import read_model_locations

_MODELS = """from app import *

class Expense(Base):
    __tablename__ = "expenses"
    id: Mapped[int]
    spent = Column("amount", Float)
    owed = mapped_column(
        Float, name="debt"
    )
    items = relationship("Item")
    made = money_column()

class Mixin:
    tax: Mapped[float]

goals = Table(
    "goals", metadata,
    Column("id", Integer), Column("amount", Float),
    Column(
        "total", Float
    ),
    Column(name="saved"),
)
"""

_SQLMODEL = """from sqlmodel import Field, Relationship, SQLModel

class ExpenseBase(SQLModel):
    note: str

class Expense(ExpenseBase, table=True):
    id: int = Field(primary_key=True)
    amount: float
    fee: float = 0.0
    spent: float = Field(sa_column=Column("total", Float))
    items: list["Item"] = Relationship(back_populates="expense")

class Goal(SQLModel, table=True):
    __tablename__ = "goals"
    saved: float | None = Field("nothing", ge=0)

class Named(SQLModel, table=True):
    __tablename__ = prefix + "named"
    amount: float

class Asked(SQLModel, table=True):
    @declared_attr
    def __tablename__(cls):
        return name(cls)
    amount: float
"""


def found(tmp_path: Path, text: str) -> dict[tuple[str, str], int]:
    path = tmp_path / "models.py"
    path.write_text(text)
    locations = read_model_locations(tmp_path, [path])
    assert {place.path for place in locations.values()} == {"models.py"}
    return {name: place.line or 0 for name, place in locations.items()}


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_declarative_classes_and_tables(tmp_path: Path) -> None:
    assert found(tmp_path, _MODELS) == {
        ("expenses", ""): line_of(_MODELS, "class Expense"),
        ("expenses", "id"): line_of(_MODELS, "id: Mapped"),
        ("expenses", "amount"): line_of(_MODELS, "spent ="),
        ("expenses", "debt"): line_of(_MODELS, "owed ="),
        ("goals", ""): line_of(_MODELS, "goals = "),
        ("goals", "id"): line_of(_MODELS, 'Column("id"'),
        ("goals", "amount"): line_of(_MODELS, 'Column("id"'),
        ("goals", "total"): line_of(_MODELS, "    Column(\n"),
        ("goals", "saved"): line_of(_MODELS, "Column(name"),
    }


def test_tables_of_sqlmodel(tmp_path: Path) -> None:
    """A name that is computed at run time is not found."""
    assert found(tmp_path, _SQLMODEL) == {
        ("expense", ""): line_of(_SQLMODEL, "class Expense("),
        ("expense", "id"): line_of(_SQLMODEL, "id: int"),
        ("expense", "amount"): line_of(_SQLMODEL, "amount: float"),
        ("expense", "fee"): line_of(_SQLMODEL, "fee:"),
        ("expense", "total"): line_of(_SQLMODEL, "spent:"),
        ("goals", ""): line_of(_SQLMODEL, "class Goal("),
        ("goals", "saved"): line_of(_SQLMODEL, "saved:"),
    }
