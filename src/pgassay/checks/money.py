"""MON: money in types that lose money."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from pgassay.analysis.money import (
    SIDES,
    element_type,
    is_bare_numeric,
    is_float,
    is_money_type,
    precision_of,
    required_precision,
    shown_type,
)
from pgassay.analysis.money_conversion import (
    alembic_step,
    misfits_query,
    only_widens,
    sqlalchemy_type,
)
from pgassay.check import Check
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import Catalog
from pgassay.facts.location import Location
from pgassay.facts.money import MoneyColumn, MoneyType
from pgassay.facts.unavailable import Unavailable
from pgassay.findings import Finding, Severity


def find_floating_point(check: Check, assay: Assay) -> Iterator[Finding]:
    """Money is kept in floating point.

    What:
      A column that holds money is `real` or `double precision` in the models, in what the
      migrations build, or in the live database. Which columns are money is decided from the
      configuration, the names and the columns beside them; the finding says on what evidence.

    Why:
      Binary floating point cannot hold most decimal fractions: 0.1 + 0.2 gives
      0.30000000000000004, and sums depend on the order of the rows. `real` keeps about six
      digits: 123456.78 is stored as 123456.78125, and casting it to numeric gives 123457.

    Fix:
      Write `Numeric(12, 2)` in the model, and `Decimal` where its annotation says `float`. Convert
      the column in a migration through text, so that every value keeps the digits it shows. The
      conversion rewrites the table under an exclusive lock. If the column is no money, say so:
      [money]
      not_money = ["public.expenses.amount"]

    Example:
      bad:  amount = Column(Float)
      good: amount = Column(Numeric(12, 2))
    """
    for column, sides in _columns(assay, is_float):
        kinds = {element_type(side.type) for side in sides}
        why = (
            "Floating point cannot hold most decimal fractions: 0.1 + 0.2 gives "
            "0.30000000000000004, so sums and comparisons of money go wrong by cents."
        )
        if "real" in kinds:
            why += " real keeps six digits: 123456.78::real::numeric gives 123457."
        yield _finding(check, assay, column, sides, why)


def find_money_type(check: Check, assay: Assay) -> Iterator[Finding]:
    """Money is kept in PostgreSQL's `money` type.

    What:
      A column has the type `money`.

    Why:
      How a `money` value is read and how many decimals it has depend on the setting `lc_monetary`
      of the server: what was stored as 12.34 under en_US reads as 1234 under ja_JP. It knows one
      currency, and dividing it rounds to cents.

    Fix:
      Convert the column to numeric with a fixed scale in a migration, under the same
      `lc_monetary` as the data was written with, and keep the currency in a column of its own.

    Example:
      bad:  price money
      good: price numeric(12,2), currency char(3)
    """
    why = (
        "The decimals of money depend on the server's lc_monetary: 12.34 stored under en_US reads "
        "as 1234 under ja_JP, for instance after a restore elsewhere; and it knows one currency."
    )
    for column, sides in _columns(assay, is_money_type):
        yield _finding(check, assay, column, sides, why)


def find_without_precision(check: Check, assay: Assay) -> Iterator[Finding]:
    """Money is kept in numeric without precision and scale.

    What:
      A column that holds money is plain `numeric`.

    Why:
      Nothing is rounded and nothing is refused: 10.00 / 3 is stored as 3.3333333333333333, three
      of them make 9.9999999999999999, and NaN and absurd sizes get in.

    Fix:
      Give it the precision and scale of the policy, `Numeric(12, 2)` by default, in the model and
      in a migration. Another precision for some columns:
      [[money.policy]]
      pattern = "*.unit_price"
      precision = 18
      scale = 6

    Example:
      bad:  price = Column(Numeric)
      good: price = Column(Numeric(12, 2))
    """
    why = (
        "Plain numeric rounds nothing and refuses nothing: 10.00 / 3 is stored as "
        "3.3333333333333333, and three of them make 9.9999999999999999 instead of 10.00."
    )
    for column, sides in _columns(assay, is_bare_numeric):
        yield _finding(check, assay, column, sides, why)


def find_off_policy(check: Check, assay: Assay) -> Iterator[Finding]:
    """Money has another precision than the policy says.

    What:
      A column that holds money is numeric(p,s), but not with the precision and scale that the
      money policy of the configuration has for it (12 and 2 where it says nothing).

    Why:
      Columns of different scale round differently: 19.995 is 20.00 in one table and 19.995 in
      the next, so that totals do not agree; and a smaller precision refuses values that another
      table accepted.

    Fix:
      Alter the column to the policy's precision, or write the one it needs into the policy:
      [[money.policy]]
      pattern = "public.orders.unit_price"
      precision = 18
      scale = 6

    Example:
      bad:  total numeric(10,3)
      good: total numeric(12,2)
    """
    for column in _money(assay):
        wanted = required_precision(assay.settings.money, column.subject)
        sides = tuple(
            side for side in column.types if precision_of(side.type) not in (None, wanted)
        )
        if not sides:
            continue
        precision, scale = precision_of(sides[0].type) or wanted
        if scale != wanted[1]:
            why = (
                f"Columns of scale {scale} and {wanted[1]} round differently, so totals do not "
                "agree: 19.995 is 20.00 with two decimals and 19.995 with three."
            )
        else:
            smaller, larger = sorted((precision - scale, wanted[0] - wanted[1]))
            why = (
                f"A value of {larger} digits before the point fits one column and is refused by "
                f"another that holds {smaller}: numeric field overflow."
            )
        yield _finding(check, assay, column, sides, why, policy=True)


def _money(assay: Assay) -> tuple[MoneyColumn, ...]:
    return () if isinstance(assay.money, Unavailable) else assay.money


def _columns(
    assay: Assay, wrong: Callable[[str], bool]
) -> Iterator[tuple[MoneyColumn, tuple[MoneyType, ...]]]:
    """The money columns that have a wrong type on some side, with those sides."""
    for column in _money(assay):
        sides = tuple(side for side in column.types if wrong(side.type))
        if sides:
            yield column, sides


def _finding(
    check: Check,
    assay: Assay,
    column: MoneyColumn,
    sides: tuple[MoneyType, ...],
    why: str,
    *,
    policy: bool = False,
) -> Finding:
    wanted = required_precision(assay.settings.money, column.subject)
    message = f"{column.subject} is {_types(column)}, taken for money because {column.why}"
    if policy:
        message += f"; the policy says numeric({wanted[0]},{wanted[1]})"
    is_pending = _is_mended_by_pending(assay, column, sides)
    if is_pending:
        message += "; the pending revisions give it the right type"
    evidence: dict[str, Any] = {
        "types": {side.side: side.type for side in column.types},
        "taken_for_money_because": column.why,
        "required": f"numeric({wanted[0]},{wanted[1]})",
    }
    return check.finding(
        column.subject,
        message,
        why=why,
        fix="Deploy the pending revisions."
        if is_pending
        else _fix(column, sides, wanted, policy=policy),
        location=_location(column, sides),
        severity=Severity.WARNING if is_pending else None,
        evidence=evidence,
        particulars=[f"{side.side}: {side.type}" for side in column.types],
    )


def _is_mended_by_pending(assay: Assay, column: MoneyColumn, sides: tuple[MoneyType, ...]) -> bool:
    """Whether only the live database is wrong, and is as the history has it up to the stamp: to
    keep the deployment from happening would keep the mending from it."""
    if [side.side for side in sides] != ["live"] or not isinstance(assay.applied, Catalog):
        return False
    place = (column.schema, column.table, column.name)
    applied = next((c for c in assay.applied.columns if c.identity == place), None)
    made = any(side.side == "history" for side in column.types)
    return made and applied is not None and shown_type(applied) == sides[0].type


def _types(column: MoneyColumn) -> str:
    """`double precision in models and live, numeric(12,2) in history`."""
    by_type: dict[str, list[str]] = {}
    for side in _in_order(column.types):
        by_type.setdefault(side.type, []).append(side.side)
    return ", ".join(f"{type_} in {_listed(names)}" for type_, names in by_type.items())


def _listed(names: list[str]) -> str:
    return " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else names[0]


def _in_order(types: tuple[MoneyType, ...]) -> list[MoneyType]:
    return sorted(types, key=lambda side: SIDES.index(side.side))


def _location(column: MoneyColumn, sides: tuple[MoneyType, ...]) -> Location | None:
    """Of the first wrong side that has one, else of any side, so that reports can anchor it."""
    places = [side.location for side in (*_in_order(sides), *_in_order(column.types))]
    return next((place for place in places if place), None)


def _fix(
    column: MoneyColumn, sides: tuple[MoneyType, ...], wanted: tuple[int, int], *, policy: bool
) -> str:
    by_side = {side.side: side for side in sides}
    steps = []
    if "models" in by_side:
        model = by_side["models"]
        place = f" ({model.location})" if model.location else ""
        steps.append(
            f"In the model{place} write `{sqlalchemy_type(model.type, wanted)}`, and `Decimal` "
            "where its annotation says `float`."
        )
    if "history" in by_side:
        steps += _alter(column, by_side["history"].type, wanted)
    elif "live" in by_side:
        if any(side.side == "history" for side in column.types):
            steps.append(
                "The migration history already has another type for it: deploy the pending "
                "revisions. If none is pending, the live column was changed by hand."
            )
        steps += _alter(column, by_side["live"].type, wanted)
    if policy:
        steps.append(
            "If this column needs its own precision, write it into the policy: "
            f'`[[money.policy]]` with `pattern = "{column.subject}"`, `precision` and `scale`.'
        )
    steps.append(
        f'If it holds no money, write under `[money]`: `not_money = ["{column.subject}"]`.'
    )
    return "\n".join(steps)


def _alter(column: MoneyColumn, type_: str, wanted: tuple[int, int]) -> list[str]:
    code = f"    {alembic_step(column, type_, wanted)}"
    if only_widens(type_, wanted):
        return ["Write a revision with:", code]
    query = misfits_query(column, type_, wanted)
    before = ["First count the values that do not fit or are NaN:", f"    {query};"]
    return [
        *(before if query else ()),
        "Write a revision with this; it rewrites the table under an exclusive lock:",
        code,
    ]


_NEEDS = ("money",)
_USES = ("models", "history", "live", "applied")

CHECKS: tuple[Check, ...] = (
    Check(
        "MON001", "money-in-floating-point", Severity.BLOCKER, find_floating_point, _NEEDS, _USES
    ),
    Check("MON002", "money-type", Severity.WARNING, find_money_type, _NEEDS, _USES),
    Check(
        "MON003", "money-without-precision", Severity.WARNING, find_without_precision, _NEEDS, _USES
    ),
    Check("MON004", "money-off-policy", Severity.WARNING, find_off_policy, _NEEDS, _USES),
)
