"""MON: money that is a float in the project's Python code."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from decimal import Decimal

from pgassay.analysis.money_in_code.mending import mended_declaration, mended_expression
from pgassay.check import Check
from pgassay.facts.assay import Assay
from pgassay.facts.money_code import MoneyInCode
from pgassay.findings import Finding, Severity

_LONGEST = 80


def find_declared_floats(check: Check, assay: Assay) -> Iterator[Finding]:
    """Code declares money as a float.

    What:
      A field of a dataclass, Pydantic model, TypedDict, serializer or form, a parameter, a result,
      a variable, a command's option or a constant holds money and is a `float`; or a column of a
      model is exact in the database and a float in Python: `Mapped[float]` on `Numeric`, or
      `Numeric(asdecimal=False)`. Columns that are floats in the database are MON001. It is info
      where the name says money only weakly, and in files that use numpy or pandas. Tests,
      revisions and code that draws or learns (matplotlib, sklearn, torch) are not looked at.

    Why:
      What comes from a Numeric column or a request is exact until it is put into such a place: 0.1
      + 0.2 gives 0.30000000000000004, and sums and comparisons go wrong by cents before anything is
      stored.

    Fix:
      Declare it as `Decimal`; Pydantic reads "12.34" and 12.34 alike as Decimal("12.34"). If it is
      no money, say so, by the name below its module and class, or the end of it:
      [money]
      not_money = ["app.schemas.expense.ExpenseIn.amount"]

    Example:
      bad:  amount: float
      good: amount: Decimal = Field(max_digits=12, decimal_places=2)
    """
    why = (
        "A float cannot hold most decimal fractions: 0.1 + 0.2 gives 0.30000000000000004. What was "
        "exact in the database or the request is not any more once it is put there."
    )
    for subject, same in _grouped(assay, _DECLARED, lambda fact: fact.name):
        first = same[0]
        kind = _DECLARED[first.kind]
        message = f"{first.location} declares {kind} {_last(first)} as `{_short(first.text)}`"
        if first.kind == "constant":
            message = f"{first.location} gives {kind} {_last(first)} the value {first.text}"
        elif first.kind == "column":
            message = (
                f"{first.location} makes a float of the exact {kind} {_last(first)}: "
                f"`{_short(first.text)}`"
            )
        yield _finding(check, subject, same, message, why, mended_declaration(first))


def find_floats_of_money(check: Check, assay: Assay) -> Iterator[Finding]:
    """Code makes a float of money.

    What:
      `float(amount)`; a Decimal of a float (`Decimal(0.1)`); money that is added to, multiplied or
      divided by a float such as 1.19; `int(amount * 100)`; cents divided by 100 outside Decimal.
      Names are followed within a function, and a value without a name of its own counts by the one
      that it gets, as in `Invoice(price=float(text))`. Silent are ratios (one amount divided by
      another, or what is kept under a name that says rate, share or score), what goes straight into
      a metric (`.set()`, `.inc()`, `.observe()`, which take floats), a drawing, a log line or a
      test (`isnan`), and comparisons with whole numbers. It is info where the name says money only
      weakly, where a Decimal would be right (`int(amount * 100)`), and in files that use numpy or
      pandas.

    Why:
      Decimal(0.1) is 0.1000000000000000055511151231257827; 19.99 * 100 is 1998.9999999999998, and
      int() of it 1998: a cent is lost.

    Fix:
      Stay in Decimal: `amount * Decimal("1.19")`, `Decimal("0.1")`, `Decimal(cents) / 100`. Where
      something else wants text, give it `str(amount)`.

    Example:
      bad:  total = float(order.amount) * 1.19
      good: total = (order.amount * Decimal("1.19")).quantize(Decimal("0.01"), ROUND_HALF_UP)
    """
    for subject, same in _grouped(assay, _COMPUTED, _use):
        first = same[0]
        message = f"{first.location} {_COMPUTED[first.kind]}: `{_short(first.text)}`"
        yield _finding(check, subject, same, message, _WHY[first.kind], mended_expression(first))


def find_rounded_money(check: Check, assay: Assay) -> Iterator[Finding]:
    """Code rounds money with round().

    What:
      `round()` of money. Ratios are silent: one amount divided by another, percentages, what is
      kept under a name that says rate, share or score. It is info without a number of digits, in a
      text that is shown, where the name says money only weakly, and in files that use numpy or
      pandas.

    Why:
      Of a float it rounds what binary made of the number: round(2.675, 2) is 2.67. Of a Decimal it
      rounds halves to even, which few price lists or tax laws mean: round(Decimal("0.125"), 2) is
      0.12.

    Fix:
      `amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)`, with the rounding that is meant.

    Example:
      bad:  fee = round(amount * rate, 2)
      good: fee = (amount * rate).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    """
    why = (
        "Of a float round() rounds what binary made of it: round(2.675, 2) is 2.67. Of a Decimal "
        'it rounds halves to even: round(Decimal("0.125"), 2) is 0.12.'
    )
    cents = Decimal(1).scaleb(-assay.settings.money.scale)
    for subject, same in _grouped(assay, ("round",), _use):
        first = same[0]
        fix = (
            f'Say how it is rounded: `.quantize(Decimal("{cents}"), rounding=ROUND_HALF_UP)` of '
            "the Decimal, or ROUND_HALF_EVEN if that is meant."
        )
        message = f"{first.location} rounds money with round(): `{_short(first.text)}`"
        yield _finding(check, subject, same, message, why, fix)


def find_money_in_json(check: Check, assay: Assay) -> Iterator[Finding]:
    """Money is kept or sent as a number in JSON.

    What:
      A JSON or JSONB column is called by what it holds and that is money, or has a default with
      money in it; or Decimals are written into JSON as floats: `json.dumps(..., default=float)`,
      Pydantic's `json_encoders = {Decimal: float}`. It is info where only a column's name says so:
      amounts may stand in it as text.

    Why:
      Python reads and writes JSON's numbers as floats. In a JSON column no type, NOT NULL or CHECK
      holds, and what sums it up casts first.

    Fix:
      Give amounts a Numeric column of their own, or keep them in JSON as text: `default=str`,
      `{Decimal: str}`; read others with `json.loads(text, parse_float=Decimal)`.

    Example:
      bad:  prices: Mapped[dict[str, float]] = mapped_column(JSONB)
      good: a table prices with amount Numeric(12, 2)
    """
    why = (
        "Python reads and writes JSON's numbers as floats: 0.1 + 0.2 gives 0.30000000000000004; "
        "and in a JSON column no type and no CHECK holds for an amount."
    )
    for subject, same in _grouped(assay, ("json column", "json text"), _use):
        first = same[0]
        if first.kind == "json column":
            message = f"{first.location} keeps {_last(first)} in a {first.text} column"
            fix = (
                "Give it a Numeric column or a table of its own, or keep the amounts in it as text "
                "and say so."
            )
        else:
            message = f"{first.location} writes money into JSON as a float: `{_short(first.text)}`"
            fix = "Write it as text: `str` in the place of `float`."
        yield _finding(check, subject, same, message, why, fix)


_DECLARED = {
    "field": "the field",
    "variable": "the variable",
    "parameter": "the parameter",
    "return": "the result of",
    "option": "the option",
    "constant": "the constant",
    "column": "column",
}
_COMPUTED = {
    "float": "makes a float of money",
    "decimal": "makes a Decimal of a float",
    "arithmetic": "computes money with a float",
    "truncation": "cuts money off that may be a float",
    "minor units": "makes a float of whole cents",
}
_WHY = {
    "float": "A float cannot hold most decimal fractions: 0.1 + 0.2 gives 0.30000000000000004, so "
    "sums and comparisons go wrong by cents.",
    "decimal": "It takes over what binary made of the number: Decimal(0.1) is "
    "0.1000000000000000055511151231257827.",
    "arithmetic": "The result is a float, or an error where the money is a Decimal: 1.1 * 1.1 "
    "gives 1.2100000000000002.",
    "truncation": "If it is a float, a cent is lost: int(19.99 * 100) is 1998.",
    "minor units": "A whole number divided by a whole number is a float, which cannot hold most "
    "amounts: 1999 / 100 is 19.9899999999999984, shown as 19.99.",
}


def _grouped(
    assay: Assay, kinds: Container[str], subject_of: Callable[[MoneyInCode], str]
) -> Iterator[tuple[str, list[MoneyInCode]]]:
    """Those of some kinds by subject, which has no line: it stays the same when lines move."""
    by_subject: dict[str, list[MoneyInCode]] = {}
    for fact in assay.money_in_code:
        if isinstance(fact, MoneyInCode) and fact.kind in kinds:
            by_subject.setdefault(subject_of(fact), []).append(fact)
    yield from by_subject.items()


def _use(fact: MoneyInCode) -> str:
    """`app.services.budget.left: float(row.amount)`"""
    if fact.kind == "json column":
        return fact.name
    return f"{fact.name.rpartition('.')[0]}: {_short(fact.text)}"


def _last(fact: MoneyInCode) -> str:
    return fact.name.rpartition(".")[2]


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def _finding(
    check: Check, subject: str, same: list[MoneyInCode], message: str, why: str, fix: str
) -> Finding:
    first = same[0]
    sure = any(fact.sure for fact in same)
    lines = [fact.location.line for fact in same]
    again = f", and again in line {', '.join(map(str, lines[1:]))}" if lines[1:] else ""
    return check.finding(
        subject,
        f"{message}{again}; taken for money because {first.why}.",
        why=why,
        fix=f'{fix}\nIf it is no money, write under `[money]`: `not_money = ["{first.name}"]`.',
        location=first.location,
        severity=Severity.WARNING if sure else Severity.INFO,
        evidence={
            "kind_of_place": first.kind,
            "code": first.text,
            "lines": lines,
            "taken_for_money_because": first.why,
        },
    )


_NEEDS = ("money_in_code",)
W = Severity.WARNING
CHECKS: tuple[Check, ...] = (
    Check("MON005", "money-declared-float", W, find_declared_floats, _NEEDS),
    Check("MON006", "money-through-float", W, find_floats_of_money, _NEEDS),
    Check("MON007", "money-rounded-by-round", W, find_rounded_money, _NEEDS),
    Check("MON008", "money-in-json", W, find_money_in_json, _NEEDS),
)
