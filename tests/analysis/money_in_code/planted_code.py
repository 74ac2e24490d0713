"""Pieces of code, each with one place where money is a float, under seeded names."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

PLAIN = (
    "price",
    "late_fee",
    "salary",
    "revenue",
    "payment",
    "dividend",
    "royalty",
    "wage",
    "premium_fee",
)
NEEDS_COMPANY = ("amount", "balance", "cost", "spent", "budget", "deposit", "amt", "charge")
LISTED = ("price", "fee", "cost", "monthly_amount", "balance", "total_cost")
OWNERS = ("Invoice", "Expense", "Payment", "Wallet", "Refund", "Payout", "Ledger")
WORDS = ("monthly", "north", "second", "shown", "final", "late", "open", "partner", "guest")


@dataclass(frozen=True, slots=True)
class Piece:
    """`lines` are complete code; the one with `#!` at its end is to be found, as `kind`."""

    kind: str
    name: str
    lines: tuple[str, ...]


TEMPLATES: tuple[tuple[str, str], ...] = (
    (
        "field",
        "@dataclass\nclass {Owner}{n}:\n    note: str\n    {any}: float #!\n    score: float = 0.0",
    ),
    ("field", "class {Owner}{n}(BaseModel):\n    {any}: Optional[float] = None #!"),
    ("field", "class {Owner}{n}(BaseModel):\n    {any}: float | None = Field(None, ge=0) #!"),
    ("field", "class {Owner}{n}(BaseModel):\n    {any}: Annotated[float, Field(gt=0)] #!"),
    ("field", "class {Owner}{n}(BaseModel):\n    {any}s: list[float] #!"),
    ("field", "class {Owner}{n}(BaseModel):\n    {any}: confloat(gt=0) #!"),
    ("field", "class {Owner}{n}(TypedDict):\n    {any}: Required[float] #!"),
    ("field", "class {Owner}{n}(NamedTuple):\n    {any}: 'float' #!"),
    ("field", "class {Owner}{n}(Schema):\n    {any} = fields.Float(required=True) #!"),
    ("field", "class {Owner}{n}(msgspec.Struct):\n    {any}: dict[str, float] #!"),
    ("field", "@attr.s\nclass {Owner}{n}:\n    {any} = attr.ib(type=float) #!"),
    ("parameter", "def take{n}({plain}: float, count: int) -> None: #!\n    keep(count)"),
    ("parameter", "async def take{n}(self, *, {plain}: Optional[float] = None): #!\n    pass"),
    ("return", "class {Owner}{n}:\n    def {any}(self) -> float: #!\n        return self.kept"),
    ("variable", "def add{n}(rows):\n    {plain}: float = 0 #!\n    return rows"),
    ("option", "parser.add_argument('--{plain}', type=float) #!"),
    ("constant", "{PLAIN} = 9.99 #!"),
    ("constant", "{PLAIN}S = {{'month': 9.99, 'name': 'x'}} #!"),
    (
        "column",
        "class {Owner}{n}(Base):\n    {any}: Mapped[float] = mapped_column(Numeric(12, 2)) #!",
    ),
    ("column", "class {Owner}{n}(Base):\n    {any} = Column(Numeric(12, 2, asdecimal=False)) #!"),
    ("float", "def show{n}(row):\n    return float(row.{plain}) #!"),
    ("float", "def show{n}(row):\n    return {{'week': float(row['{plain}'])}} #!"),
    ("float", "def show{n}(row):\n    it = row.{plain}\n    return send(float(it)) #!"),
    ("float", "def show{n}({owner}s):\n    return sum(float(e.{any}) for e in {owner}s) #!"),
    ("float", "def show{n}(x: {Owner}):\n    return float(x.{any} or 0) #!"),
    ("float", "limit{n} = float(os.environ['{PLAIN}']) #!"),
    ("float", "limit{n} = float(os.getenv('{PLAIN}', '0')) #!"),
    ("float", "def show{n}(db):\n    return float(db.scalar(select(func.sum({Owner}.{any})))) #!"),
    ("float", "def read{n}(row):\n    {plain} = float(row[3]) #!\n    return {plain}"),
    ("float", "def read{n}(text):\n    return {Owner}({any}=float(text) if text else None) #!"),
    ("round", "def read{n}(x):\n    return {{'{plain}': round(x, 2)}} #!"),
    ("decimal", "def made{n}():\n    return Decimal(0.1) #!"),
    (
        "decimal",
        "def made{n}(row):\n    {plain} = 0.7\n    y = Decimal({plain}) #!",
    ),
    ("arithmetic", "def with_tax{n}(row):\n    return row.{plain} * 1.19 #!"),
    ("arithmetic", "def with_tax{n}(row):\n    row.{plain} *= 1.1 #!"),
    ("arithmetic", "def halved{n}(row):\n    return 0.5 * (row.{plain} + 1) #!"),
    ("truncation", "def cents{n}(row):\n    return int(row.{plain} * 100) #!"),
    ("minor units", "def cut{n}(row):\n    return math.floor(row.{plain} * 100) / 100 #!"),
    ("minor units", "def units{n}(row):\n    return row.{plain}_cents / 100 #!"),
    ("round", "def rounded{n}(row):\n    return round(row.{plain}, 2) #!"),
    ("round", "def rounded{n}(row, people):\n    return round(row.{plain} / people, 2) #!"),
    ("json column", "class {Owner}{n}(Base):\n    {listed}s = Column(JSONB, nullable=False) #!"),
    (
        "json column",
        "class {Owner}{n}(Base):\n    {listed}s: Mapped[dict[str, float]] = mapped_column(JSON) #!",
    ),
    (
        "json column",
        "class {Owner}{n}(Base):\n    data = Column(JSONB, default={{'{any}': 0.0}}) #!",
    ),
    ("json text", "def sent{n}(row):\n    return json.dumps({{'{plain}': row}}, default=float) #!"),
    (
        "json text",
        "class {Owner}{n}(B):\n    class Config:\n        json_encoders = {{Decimal: float}} #!",
    ),
)


def pieces(random: Random) -> list[Piece]:
    """One of each, in random order."""
    made = []
    for number, (kind, template) in enumerate(TEMPLATES):
        owner = random.choice(OWNERS)
        words = random.sample(WORDS, 2)
        plain = "_".join((*words[: random.randrange(3)], random.choice(PLAIN)))
        company = random.choice(NEEDS_COMPANY)
        named = random.choice((plain, company))
        text = template.format(
            Owner=owner,
            owner=owner.lower(),
            plain=plain,
            PLAIN=plain.upper(),
            any=named,
            listed=random.choice(LISTED),
            n=number,
        )
        made.append(Piece(kind, named, tuple(text.split("\n"))))
    random.shuffle(made)
    return made


def module(pieces: list[Piece]) -> tuple[str, list[tuple[int, str]]]:
    """The code of a module with them, and (line, kind) of what is to be found in it."""
    lines, expected = ["import os", ""], []
    for piece in pieces:
        for line in piece.lines:
            lines.append(line.removesuffix(" #!"))
            if line.endswith(" #!"):
                expected.append((len(lines), piece.kind))
        lines.append("")
    return "\n".join(lines), sorted(expected)
