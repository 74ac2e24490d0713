"""Which columns are taken for money, and why."""

from __future__ import annotations

import random
from collections.abc import Mapping

import pytest

from pgassay.analysis.money import (
    is_bare_numeric,
    is_float,
    is_money_type,
    money_columns,
    precision_of,
    required_precision,
)
from pgassay.analysis.money_conversion import using
from pgassay.analysis.money_names import money_saying, words
from pgassay.facts.catalog import Catalog, Column, Table
from pgassay.facts.location import Location
from pgassay.facts.money import MoneyColumn, MoneyPrecision, MoneyType, Side
from pgassay.facts.settings import MoneySettings

FLOAT = "double precision"


def catalog(columns: Mapping[str, str]) -> Catalog:
    """A catalog of `table.column` -> type, in the schema public."""
    names = [(*name.split("."), type_) for name, type_ in columns.items()]
    return Catalog(
        180000,
        columns=tuple(
            Column("public", table, name, at, type_)
            for at, (table, name, type_) in enumerate(names, 1)
        ),
    )


def no_location(side: Side, schema: str, table: str, column: str) -> Location | None:
    del side, schema, table, column
    return None


def found(
    sides: Mapping[Side, Mapping[str, str]], settings: MoneySettings | None = None
) -> dict[str, str]:
    """`table.column` -> why, for the columns taken for money."""
    columns = money_columns(
        settings or MoneySettings(),
        {side: catalog(names) for side, names in sides.items()},
        no_location,
    )
    return {f"{column.table}.{column.name}": column.why for column in columns}


def live(*names: str, type_: str = FLOAT, table: str = "things") -> dict[str, str]:
    return found({"live": {f"{table}.{name}": type_ for name in names}})


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("amount", "amount"),
        ("annual_income", "income"),
        ("q_annual_income", "income"),
        ("annualincome", "income"),
        ("zk_fee_7", "fee"),
        ("zkincome", "income"),
        ("totalamount", "amount"),
        ("totalAmount", "amount"),
        ("salaries", "salaries"),
        ("bonuses", "bonuses"),
        ("credit_limit", "credit"),
        ("balanceDue", "balance"),
        ("price_per_hour", "price"),
        ("hour_price", "price"),
        ("user_last_payment", "payment"),
        ("monthly_budget", "budget"),
        ("category_budget", "budget"),
        ("amount_to_pay", "amount"),
        ("amount_in_usd", "amount"),
        ("target_amount", "amount"),
        ("income_tax", "tax"),
        ("share_price", "price"),
        ("line_of_credit", "credit"),
        ("cost_of_goods", "cost"),
    ],
)
def test_name_says_money(name: str, word: str) -> None:
    assert live(name) == {f"things.{name}": f"the name says '{word}'"}


@pytest.mark.parametrize(
    "name",
    """
    zk_score fx_rate_x credit_score cost_center_id price_list_version budget_month charge_count
    discount_rate balance_factor battery_charge_level payment_probability account_number
    exchange_rate tax_rate taxrate interest_rate discount_percent amountPercent price_score
    risk_score creditScore eur_usd price_to_earnings debt_to_income loan_to_value hours_spent
    time_spent points_balance points_earned days_saved leave_balance state_of_charge
    number_of_payments days_since_last_payment percent_of_income payment_count_total num_payments
    accountnumber revenue_share income_percentile price_growth per_cent percentage_fee
    learning feedback parent current torrent sewage suspension discharge imbalance taxi planet
    total value limit p_value net_weight latitude loan_term_months
    """.split(),  # noqa: SIM905
)
def test_name_says_something_else(name: str) -> None:
    assert live(name) == {}


def test_recipes_and_doses_hold_no_money() -> None:
    assert live("amount", table="recipe_ingredients") == {}
    assert live("charge", table="battery_readings") == {}
    assert list(live("amount", table="food_orders")) == ["food_orders.amount"]


def test_random_names_around_a_money_word() -> None:
    chance = random.Random(20260701)
    for word in ("fee", "amount", "salary", "revenue", "cost", "balance", "income", "price"):
        for _ in range(50):
            before, after = (
                "".join(chance.choices("qxzkvj", k=chance.choice((1, 2)))) + end
                for end in ("", str(chance.randrange(10)))
            )
            name = f"{before}_{word}_{after}"
            saying = money_saying(name, "t")
            assert saying is not None, name
            assert saying.word == word
            assert money_saying(f"{before}_{word}_rate_{after}", "t") is None
            assert money_saying(f"{word}_{before}_score", "t") is None


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        (
            {"plans.total": FLOAT, "plans.currency": "text"},
            "the name says 'total', and a currency stands beside it",
        ),
        (
            {"plans.total": FLOAT, "plans.iso_currency_code": "character(3)"},
            "the name says 'total', and a currency stands beside it",
        ),
        ({"invoices.total": FLOAT}, "the name says 'total', in a table called 'invoices'"),
        ({"plans.order_total": FLOAT}, "the name says 'total', together with 'order'"),
        ({"plans.usd_value": FLOAT}, "the name says 'value', together with 'usd'"),
        ({"plans.gross_eur": FLOAT}, "the name ends in the currency 'eur'"),
    ],
)
def test_weak_word_with_evidence(columns: Mapping[str, str], why: str) -> None:
    assert why in found({"live": columns}).values()
    assert len(found({"live": columns})) == 1


def test_currencies_of_a_rate_table_are_no_evidence() -> None:
    columns = {"fx_rates.value": FLOAT, "fx_rates.currency": "text"}
    assert found({"live": columns}) == {}


def test_another_side_supports_a_weak_word() -> None:
    sides: dict[Side, dict[str, str]] = {
        "models": {"goals.target": FLOAT, "goals.zeal": FLOAT, "goals.limit": "numeric(12,2)"},
        "history": {
            "goals.target": "numeric(12,2)",
            "goals.zeal": "numeric(12,2)",
            "goals.limit": "numeric(12,2)",
        },
    }
    why = "the name says 'target', and it is numeric(12,2) in the history"
    assert found(sides) == {"goals.target": why}


@pytest.mark.parametrize(
    ("type_", "judged"),
    [
        ("real", True),
        ("double precision", True),
        ("double precision[]", True),
        ("numeric", True),
        ("numeric(10,4)", True),
        ("money", True),
        ("money[]", True),
        ("integer", False),
        ("bigint", False),
        ("text", False),
        ("timestamp with time zone", False),
        ("public.amount_domain", False),
    ],
)
def test_types_that_can_be_judged(type_: str, judged: bool) -> None:
    assert bool(live("amount", type_=type_)) is judged


def on_domain(type_: str, base: str) -> tuple[MoneyColumn, ...]:
    column = Column("public", "refunds", "refund_amount", 1, type_, base_type=base)
    return money_columns(MoneySettings(), {"live": Catalog(180000, columns=(column,))}, no_location)


@pytest.mark.parametrize(
    ("type_", "base", "told"),
    [
        ("public.eur", FLOAT, "public.eur (double precision)"),
        ("public.eur[]", "double precision[]", "public.eur (double precision)[]"),
        ("public.eurs", "real[]", "public.eurs (real)[]"),
        ('"A (b)".eur', "real", '"A (b)".eur (real)'),
    ],
)
def test_a_domain_is_judged_by_what_it_rests_on(type_: str, base: str, told: str) -> None:
    (found_one,) = on_domain(type_, base)
    assert found_one.types == (MoneyType("live", told),)
    assert is_float(told)
    brackets = "[]" if base.endswith("[]") else ""
    assert using("x", told, (12, 2)) == f"x::text{brackets}::numeric(12,2){brackets}"


def test_an_exact_domain_has_its_precision() -> None:
    (exact,) = on_domain("public.eur", "numeric(12,2)")
    assert precision_of(exact.types[0].type) == (12, 2)
    (bare,) = on_domain("public.eur", "numeric")
    assert is_bare_numeric(bare.types[0].type)
    (own,) = on_domain("public.eur", "money")
    assert is_money_type(own.types[0].type)


@pytest.mark.parametrize("base", ["text", "bigint", "timestamp(3) without time zone"])
def test_a_domain_over_something_else_is_silent(base: str) -> None:
    assert on_domain("public.amount_text", base) == ()


def test_a_type_whose_name_looks_like_a_domain_is_none() -> None:
    assert not is_float('public."eur (real)"')


def test_money_type_is_evidence_by_itself() -> None:
    assert live("zeal", type_="money") == {"things.zeal": "its type is PostgreSQL's money"}


def test_configuration_names_and_overrules() -> None:
    columns: dict[Side, dict[str, str]] = {
        "live": {"a.zeal": FLOAT, "a.amount": FLOAT, "b.amount": FLOAT, "a.worth": "money"}
    }
    settings = MoneySettings(columns=("a.zeal", "b.*"), not_money=("public.a.amount", "worth"))
    expected = {
        "a.zeal": "the configuration names it",
        "b.amount": "the configuration names it",
    }
    assert found(columns, settings) == expected
    both = MoneySettings(columns=("amount",), not_money=("amount",))
    assert "a.amount" not in found(columns, both)


def test_every_side_is_told_with_its_type_and_place() -> None:
    def where(side: Side, schema: str, table: str, column: str) -> Location | None:
        assert (schema, table, column) == ("public", "expenses", "amount")
        return Location("app/models.py", 12) if side == "models" else None

    sides: dict[Side, Catalog] = {
        "live": catalog({"expenses.amount": "integer"}),
        "models": catalog({"expenses.amount": FLOAT}),
    }
    assert money_columns(MoneySettings(), sides, where) == (
        MoneyColumn(
            "public",
            "expenses",
            "amount",
            "the name says 'amount'",
            (
                MoneyType("models", FLOAT, Location("app/models.py", 12)),
                MoneyType("live", "integer"),
            ),
        ),
    )


def test_required_precision_is_the_first_that_fits() -> None:
    settings = MoneySettings(
        precision=14,
        policy=(MoneyPrecision("*.unit_price", 18, 6), MoneyPrecision("orders.*", 10, 2)),
    )
    assert required_precision(settings, "public.orders.unit_price") == (18, 6)
    assert required_precision(settings, "public.orders.total") == (10, 2)
    assert required_precision(settings, "public.users.income") == (14, 2)
    assert required_precision(MoneySettings(), "public.users.income") == (12, 2)


def test_precision_of() -> None:
    assert precision_of("numeric(12,2)") == (12, 2)
    assert precision_of("numeric(12,2)[]") == (12, 2)
    assert precision_of("numeric(3,-2)") == (3, -2)
    assert precision_of("numeric") is None
    assert precision_of("character varying(12)") is None


def test_words() -> None:
    assert words("XMLTotalAmount2Usd") == ("xml", "total", "amount", "usd")
    assert words("monthlynetincome") == ("monthly", "net", "income")
    assert words("Größe_x") == ("größe", "x")
    assert words("_") == ()


def test_partitions_and_foreign_tables_are_passed_over() -> None:
    tables = (
        Table("public", "payments", partitioned=True),
        Table("public", "payments_2026", partition_of="public.payments"),
        Table("public", "bank_payments", foreign_server="bank"),
    )
    live = Catalog(
        180000,
        tables=tables,
        columns=tuple(Column("public", t.name, "amount", 1, FLOAT) for t in tables),
    )
    columns = money_columns(MoneySettings(), {"live": live}, no_location)
    assert [c.table for c in columns] == ["payments"]
