"""MON: what is found in money columns, and what the fix says."""

from __future__ import annotations

import json

import pytest

from pgassay.check import Check, Status, run_checks
from pgassay.checks.money import CHECKS
from pgassay.facts.assay import Assay
from pgassay.facts.location import Location
from pgassay.facts.money import MoneyColumn, MoneyPrecision, MoneyType, Side
from pgassay.facts.project import Project
from pgassay.facts.settings import MoneySettings, Settings
from pgassay.facts.unavailable import Unavailable
from pgassay.findings import Finding, Severity

MODEL = Location("app/models.py", 12)
REVISION = Location("alembic/versions/0001_initial.py", 30)


def column(
    types: dict[Side, str],
    *,
    name: str = "amount",
    table: str = "expenses",
    schema: str = "public",
    places: dict[Side, Location] | None = None,
) -> MoneyColumn:
    where = {"models": MODEL} if places is None else places
    return MoneyColumn(
        schema,
        table,
        name,
        "the name says 'amount'",
        tuple(MoneyType(side, type_, where.get(side)) for side, type_ in types.items()),
    )


def findings(*columns: MoneyColumn, money: MoneySettings | None = None) -> tuple[Finding, ...]:
    settings = Settings(money=money or MoneySettings())
    assay = Assay(settings, Project("/p", ()), money=columns)
    outcome = run_checks(CHECKS, assay)
    assert outcome.crashes == ()
    return outcome.findings


@pytest.mark.parametrize(
    ("types", "codes"),
    [
        ({"models": "double precision"}, ["MON001"]),
        ({"history": "real"}, ["MON001"]),
        ({"live": "double precision[]"}, ["MON001"]),
        ({"live": "money"}, ["MON002"]),
        ({"live": "numeric"}, ["MON003"]),
        ({"live": "numeric(10,2)"}, ["MON004"]),
        ({"live": "numeric(12,2)"}, []),
        ({"live": "numeric(12,2)[]"}, []),
        ({"live": "bigint"}, []),
        ({"live": "text"}, []),
        (
            {"models": "double precision", "history": "numeric", "live": "numeric(12,3)"},
            ["MON001", "MON003", "MON004"],
        ),
    ],
)
def test_one_finding_for_each_code(types: dict[Side, str], codes: list[str]) -> None:
    found = findings(column(types))
    assert [item.code for item in found] == codes
    assert {item.subject for item in found} <= {"public.expenses.amount"}


def test_floating_point_names_every_side() -> None:
    types: dict[Side, str] = {
        "models": "double precision",
        "history": "numeric(12,2)",
        "live": "double precision",
    }
    (found,) = findings(column(types))
    assert found.severity is Severity.BLOCKER
    assert found.name == "money-in-floating-point"
    assert found.message == (
        "public.expenses.amount is double precision in models and live, numeric(12,2) in history, "
        "taken for money because the name says 'amount'"
    )
    assert found.location == MODEL
    assert "0.1 + 0.2 gives 0.30000000000000004" in found.why
    assert "real" not in found.why
    assert found.evidence == {
        "types": types,
        "taken_for_money_because": "the name says 'amount'",
        "required": "numeric(12,2)",
    }
    assert json.loads(json.dumps(found.evidence)) == found.evidence
    assert found.fix.split("\n") == [
        "In the model (app/models.py:12) write `Numeric(12, 2)`, and `Decimal` where its "
        "annotation says `float`.",
        "The migration history already has another type for it: deploy the pending revisions. "
        "If none is pending, the live column was changed by hand.",
        "First count the values that do not fit or are NaN:",
        "    SELECT count(*) FROM public.expenses "
        "WHERE abs(round(amount::text::numeric, 2)) >= 1e10;",
        "Write a revision with this; it rewrites the table under an exclusive lock:",
        '    op.alter_column("expenses", "amount", type_=sa.Numeric(12, 2), '
        'postgresql_using="amount::text::numeric(12,2)")',
        'If it holds no money, write under `[money]`: `not_money = ["public.expenses.amount"]`.',
    ]


def test_real_tells_what_it_loses() -> None:
    (found,) = findings(column({"live": "real"}))
    assert "123456.78::real::numeric gives 123457" in found.why


def test_only_the_model_is_wrong() -> None:
    (found,) = findings(column({"models": "double precision", "live": "numeric(12,2)"}))
    assert "op.alter_column" not in found.fix
    assert "`Numeric(12, 2)`" in found.fix


def test_arrays_stay_arrays() -> None:
    (found,) = findings(column({"models": "real[]", "history": "real[]"}))
    assert "write `ARRAY(Numeric(12, 2))`" in found.fix
    assert 'postgresql_using="amount::text[]::numeric(12,2)[]"' in found.fix
    assert "type_=sa.ARRAY(sa.Numeric(12, 2))" in found.fix
    assert "SELECT count" not in found.fix


def test_names_that_need_quotes() -> None:
    odd = column({"live": "real"}, name="limit", table="Orders", schema="shop")
    (found,) = findings(odd)
    assert 'FROM shop."Orders" WHERE abs(round("limit"::text::numeric' in found.fix
    assert "postgresql_using='\"limit\"::text::numeric(12,2)'" in found.fix
    assert 'schema="shop"' in found.fix


def test_money_is_converted_without_text() -> None:
    (found,) = findings(column({"history": "money"}))
    assert found.severity is Severity.WARNING
    assert "lc_monetary" in found.why
    assert 'postgresql_using="amount::numeric(12,2)"' in found.fix


def test_policy_decides_and_widening_rewrites_nothing() -> None:
    policy = MoneySettings(policy=(MoneyPrecision("expenses.*", 18, 6),))
    assert findings(column({"live": "numeric(18,6)"}), money=policy) == ()
    (found,) = findings(column({"live": "numeric(12,2)"}), money=policy)
    assert found.message.endswith("; the policy says numeric(18,6)")
    assert "scale 2 and 6" in found.why
    assert "[[money.policy]]" in found.fix
    (wider,) = findings(column({"live": "numeric(10,2)"}))
    assert 'op.alter_column("expenses", "amount", type_=sa.Numeric(12, 2))' in wider.fix
    assert "rewrites" not in wider.fix
    assert "10 digits before the point" in wider.why
    assert "holds 8" in wider.why


@pytest.mark.parametrize(
    ("types", "places", "expected"),
    [
        ({"models": "real", "history": "real"}, {"models": MODEL, "history": REVISION}, MODEL),
        (
            {"models": "numeric(12,2)", "history": "real"},
            {"models": MODEL, "history": REVISION},
            REVISION,
        ),
        ({"models": "numeric(12,2)", "live": "real"}, {"models": MODEL}, MODEL),
        ({"live": "real"}, {}, None),
    ],
)
def test_location_is_that_of_the_first_wrong_side(
    types: dict[Side, str], places: dict[Side, Location], expected: Location | None
) -> None:
    (found,) = findings(column(types, places=places))
    assert found.location == expected


def test_unknown_money_is_not_passed() -> None:
    lost = Unavailable("models", "the models could not be built")
    outcome = run_checks(CHECKS, Assay(Settings(), Project("/p", ()), money=lost))
    assert {result.status for result in outcome.results} == {Status.UNAVAILABLE}
    partial = run_checks(CHECKS, Assay(Settings(), Project("/p", ()), live=lost))
    assert {result.status for result in partial.results} == {Status.PARTIAL}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_pages(check: Check) -> None:
    for heading in ("What:", "Why:", "Fix:", "Example:"):
        assert f"\n{heading}\n" in check.page
    assert check.needs == ("money",)
