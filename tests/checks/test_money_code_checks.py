"""MON005 to MON008: subjects that outlive moved lines, severity, and what the fix says."""

from __future__ import annotations

import json

import pytest

from pgassay.check import Status, run_checks
from pgassay.checks.money_code import CHECKS
from pgassay.facts.assay import Assay
from pgassay.facts.location import Location
from pgassay.facts.money_code import Kind, MoneyInCode
from pgassay.facts.project import Project
from pgassay.facts.settings import MoneySettings, Settings
from pgassay.facts.unavailable import Unavailable
from pgassay.findings import Finding, Severity


def place(
    kind: Kind, text: str, *, name: str = "app.a.Sale.price", line: int = 3, sure: bool = True
) -> MoneyInCode:
    return MoneyInCode(Location("app/a.py", line), kind, name, text, "the name says it", sure)


def findings(*facts: MoneyInCode, scale: int = 2) -> tuple[Finding, ...]:
    settings = Settings(money=MoneySettings(scale=scale))
    outcome = run_checks(CHECKS, Assay(settings, Project("/p", ()), money_in_code=facts))
    assert outcome.crashes == ()
    return outcome.findings


@pytest.mark.parametrize(
    ("kind", "text", "code", "subject", "fix"),
    [
        ("field", "float | None", "MON005", "app.a.Sale.price", "Write `Decimal | None` in"),
        ("field", "confloat(gt=0)", "MON005", "app.a.Sale.price", "Write `condecimal(gt=0)` in"),
        ("field", "PositiveFloat", "MON005", "app.a.Sale.price", "Write `Decimal` in"),
        ("field", "fields.Float", "MON005", "app.a.Sale.price", "Write `fields.Decimal` in"),
        ("field", "models.FloatField", "MON005", "app.a.Sale.price", "`models.DecimalField`"),
        ("option", "type=float", "MON005", "app.a.Sale.price", "Write `type=Decimal`"),
        ("constant", "9.99", "MON005", "app.a.Sale.price", 'Write `Decimal("9.99")`.'),
        ("column", "Mapped[float]", "MON005", "app.a.Sale.price", "Write `Mapped[Decimal]`"),
        ("column", "asdecimal=False", "MON005", "app.a.Sale.price", "Take asdecimal=False out"),
        ("float", "float(x.price)", "MON006", "app.a.Sale: float(x.price)", "str() of it"),
        ("decimal", "Decimal(0.1)", "MON006", "app.a.Sale: Decimal(0.1)", 'Decimal("0.1")'),
        ("arithmetic", "price * 1.19", "MON006", "app.a.Sale: price * 1.19", 'Decimal("1.19")'),
        ("truncation", "int(p * 100)", "MON006", "app.a.Sale: int(p * 100)", "to_integral_value"),
        ("minor units", "c / 100", "MON006", "app.a.Sale: c / 100", "Decimal(cents) / 100"),
        ("round", "round(p, 2)", "MON007", "app.a.Sale: round(p, 2)", 'Decimal("0.01")'),
        ("json column", "JSONB", "MON008", "app.a.Sale.price", "Numeric column"),
        ("json text", "Decimal: float", "MON008", "app.a.Sale: Decimal: float", "`str`"),
    ],
)
def test_each_kind(kind: Kind, text: str, code: str, subject: str, fix: str) -> None:
    (finding,) = findings(place(kind, text))
    assert (finding.code, finding.subject) == (code, subject)
    assert finding.severity is Severity.WARNING
    assert str(finding.location) == "app/a.py:3"
    assert finding.message.startswith("app/a.py:3 ")
    assert finding.message.endswith("; taken for money because the name says it.")
    assert fix in finding.fix
    assert 'not_money = ["app.a.Sale.price"]' in finding.fix
    json.dumps(finding.evidence)


def test_one_finding_for_the_same_code_in_one_function() -> None:
    (finding,) = findings(
        place("round", "round(p, 2)", line=5, sure=False), place("round", "round(p, 2)", line=9)
    )
    assert "again in line 9" in finding.message
    assert finding.evidence["lines"] == [5, 9]
    assert finding.severity is Severity.WARNING


def test_what_is_less_sure_is_info() -> None:
    (finding,) = findings(place("field", "float", sure=False))
    assert finding.severity is Severity.INFO


def test_rounding_goes_to_the_scale_of_the_policy() -> None:
    (finding,) = findings(place("round", "round(p, 3)"), scale=3)
    assert 'Decimal("0.001")' in finding.fix


def test_a_file_that_could_not_be_read_leaves_it_partial() -> None:
    lost = Unavailable("file app/b.py", "app/b.py cannot be read.")
    facts = (place("field", "float"), lost)
    outcome = run_checks(CHECKS, Assay(Settings(), Project("/p", ()), money_in_code=facts))
    assert [(r.code, r.status, r.coverage) for r in outcome.results] == [
        ("MON005", Status.FAILED, "without file app/b.py"),
        *((code, Status.PARTIAL, "without file app/b.py") for code in ("MON006", "MON007")),
        ("MON008", Status.PARTIAL, "without file app/b.py"),
    ]
