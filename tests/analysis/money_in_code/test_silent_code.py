"""What looks like money in a float and is none, or harms none; and what is less sure."""

from __future__ import annotations

import pytest

from pgassay.analysis.money_in_code.modules import may_matter, money_in_code, money_in_module
from pgassay.facts.money_code import MoneyInCode
from pgassay.facts.settings import MoneySettings

SILENT = (
    # Ratios, scores, rates, and what they are kept as.
    "x = float(interest_rate)",
    "x = round(score, 2)",
    "tax_rate: float = 0.19",
    "TAX_RATE = 0.19",
    "price_ratio = row.price * 1.5 / row.list_price",
    "x = round(row.price / row.list_price, 2)",
    "x = round(row.spent / row.budget * 100, 1)",
    "share = round(row.price * 100 / total, 1)",
    "x = round((row.new_price - row.old_price) / row.old_price, 4)",
    "send(savings_rate=float(row.price))",
    "send({'win_rate': float(row.price)})",
    "def conversion_rate(row):\n    return float(row.revenue)",
    "discount_percent = float(row.price)",
    "x = round(row.profit * 100, 2)",
    "rel_profit: float",
    "x = float(shadow_price)",
    "best_price = float('inf')",
    "price = float(row.tax_rate)",
    "price = float('inf' if cheap else '-inf')",
    "price = round(random() * randint(1, 9), 2)",
    "cost = float(loss)",
    "call(spent_share=float(x), amount=int(y))",
    "x = float(client.get('/price'))",
    "class Payment:\n    success_rate: float\n    progress: float\n    score: float",
    # Times, places, counts.
    "x = round(time.time() - start, 2)",
    "x = float(timeout)",
    "payment_timeout: float = 9.5",
    "x = round(len(prices) / n)",
    "class Invoice:\n    latitude: float\n    duration: float\n    payment_count: float",
    "x = float(price_count)",
    # Words that are an optimiser's or an image's as well.
    "x = float(cost)",
    "def blur(image, amount: float): ...",
    "x = balance * 0.5",
    "class Filter:\n    amount: float",
    "x = round(total, 2)",
    "x = float(value)",
    "class PriceSensor:\n    def native_value(self) -> float: ...",
    "budget_start: float = time.time()",
    "cost: int = 3\nx = float(cost)",
    # Metrics take floats; a drawing, a log line or a test keeps none.
    "gauge.set(float(row.total_price))",
    "REVENUE.labels('eur').inc(float(row.price))",
    "histogram.observe(float(row.price))",
    "statsd.gauge('price', float(row.price))",
    "plt.plot([float(row.price)])",
    "fig.add_trace(go.Bar(y=[float(r.price) for r in rows]))",
    "logger.info('paid %s', float(row.price))",
    "print(round(row.price, 2))",
    "ok = math.isfinite(float(row.price))",
    "if float(row.price) > 0:\n    pass",
    "rows.sort(key=lambda r: float(r.price))",
    "float(row.price)",
    "text = f'{row.price_cents / 100:.2f}'",
    "text = f'{float(row.price):.2f}'",
    "class Money:\n    price: Decimal\n    def __float__(self):\n        return float(self.price)",
    # Exact already.
    "price: Decimal = Decimal('9.99')",
    "x = row.price * Decimal('1.19')",
    "x = row.price * 2",
    "x = row.price.quantize(Decimal('0.01'))",
    "x = Decimal(str(row.price))",
    "x = Decimal(0.5)",
    "x = Decimal(row.price_cents) / 100",
    "x = int(Decimal(row.price) * 100)",
    "def f(price: Decimal):\n    return int(price * 100)",
    "cents = round(row.price * 100)",
    "class Invoice:\n    amount: int\n    price: str",
    "def exact(amount: Decimal | float | str) -> Decimal: ...",
    "handler: Callable[[float], None] = on_price",
    # Columns that are floats in the database are MON001's.
    "class Order(Base):\n    price: Mapped[float] = mapped_column(Float)\n    fee: Mapped[float]",
    "class Order(Base):\n    price = Column(Float)",
    "class Order(SQLModel, table=True):\n    price: float",
    "class Order(Base):\n    price: Mapped[Decimal] = mapped_column(Numeric(12, 2))",
    # JSON that is called otherwise, or holds texts.
    "class Order(Base):\n    payment = Column(JSONB)\n    receipt = Column(JSONB)",
    "class Order(Base):\n    prices: Mapped[dict[str, str]] = mapped_column(JSONB)",
    "class Order(Base):\n    prices: Mapped[list[str] | None] = mapped_column(JSONB)",
    "x = json.dumps({'price': price}, default=str)",
    "class Order(BaseModel):\n    class Config:\n        json_encoders = {Decimal: str}",
    # Code that draws or learns.
    "import torch\nx = float(row.price)",
    "from sklearn import svm\nprice: float = 1.5",
)

LESS_SURE = (
    ("tax: float = 0.5", "variable"),
    ("def pay(fee: float): ...", "parameter"),
    ("class Invoice:\n    total: float", "field"),
    ("x = int(row.price * 100)", "truncation"),
    ("x = round(row.price)", "round"),
    ("x = float(net_total)\nprice = 1", "float"),
    ("text = f'{round(row.price, 2)}'", "round"),
    ("import pandas as pd\nx = float(row.price)", "float"),
    ("class Order(Base):\n    prices = Column(JSONB)", "json column"),
    (
        "class Base(BaseModel):\n    class Config:\n        json_encoders = {Decimal: float}",
        "json text",
    ),
)


def found(text: str, **settings: tuple[str, ...]) -> tuple[MoneyInCode, ...]:
    chosen = MoneySettings(**settings)  # type: ignore[arg-type]
    if not may_matter(text, chosen):
        return ()
    return money_in_code([money_in_module("app/things.py", text, chosen)])


@pytest.mark.parametrize("text", SILENT)
def test_silent(text: str) -> None:
    assert found(text) == ()


@pytest.mark.parametrize(("text", "kind"), LESS_SURE)
def test_less_sure(text: str, kind: str) -> None:
    assert [(f.kind, f.sure) for f in found(text)] == [(kind, False)]


def test_all_silent_ones_together() -> None:
    """None of them makes another one speak, but for what a file is about."""
    apart = [t for t in SILENT if "import" not in t and not {"Decimal", "cost"} & {*t.split()}]
    ambiguous = ("x = float(cost)", "def blur", "x = balance", "class Filter")
    text = "\n".join(t for t in apart if "Decimal" not in t and not t.startswith(ambiguous))
    assert found(text) == ()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("x = float(price)", "the name says 'price'"),
        ("x = float(start_price)", "the name says 'price'"),
        ("x = float(order.cost)", "the name says 'cost', of 'order'"),
        ("x = float(cost_eur)", "the name says 'cost', together with 'eur'"),
        ("def settle_invoice(x):\n    return float(x.amount)", "the name says 'amount', in "
         "'settle_invoice'"),
        ("x = float(amount)\ncurrency = 'EUR'", "the name says 'amount', in a file that speaks of "
         "currencies"),
        ("class A(Base):\n    amount = Column(Numeric)\nx = float(y.amount)",
         "the name says 'amount', as a column of A is called"),
        ("def f(i: Invoice):\n    return float(i.amount)", "the name says 'amount', of 'Invoice'"),
    ],
)  # fmt: skip
def test_why_it_is_taken_for_money(text: str, why: str) -> None:
    assert [f.why for f in found(text)] == [why]


def test_the_configuration_overrules_names() -> None:
    text = "class Game:\n    price: float\n    worth: float\nx = float(price)"
    assert [f.name for f in found(text)] == ["app.things.Game.price", "app.things.price"]
    assert [f.name for f in found(text, not_money=("Game.price",))] == ["app.things.price"]
    assert found(text, not_money=("app.things.*",)) == ()
    literal = "def f():\n    return Decimal(0.1)"
    assert [f.name for f in found(literal)] == ["app.things.f.Decimal"]
    assert found(literal, not_money=("app.things.f.Decimal",)) == ()
    named = found(text, not_money=("*.price",), columns=("Game.worth",))
    assert [(f.name, f.why) for f in named] == [
        ("app.things.Game.worth", "the configuration names it")
    ]


def test_a_path_tells_what_a_file_is_about() -> None:
    text = "x = float(amount)"
    paths = ("app/billing/sums.py", "app/blur.py")
    modules = [money_in_module(path, text, MoneySettings()) for path in paths]
    assert [f.location.path for f in money_in_code(modules)] == ["app/billing/sums.py"]
