"""Rules in the info of models: as in the file, and every mistake at once with its place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pgassay.analysis.carried_rules import rules_from_events
from pgassay.analysis.rule_written import bare
from pgassay.facts.data_rule import DataRule
from pgassay.facts.location import Location
from pgassay.facts.model_rules import CarriedRules
from pgassay.probe.child.carried_rules import carried_rules
from pgassay.sources.data_rule_file import read_data_rules
from pgassay.sources.model_rules import BadModelRules, read_model_rules
from pgassay.sources.rule_kinds import KINDS
from pgassay.sources.rule_mentions import rule_mentions

# By kind: what a column carries, and what the file says of a column called x.
ON_A_COLUMN: dict[str, list[tuple[Any, str]]] = {
    "not_null": [(True, "x")],
    "range": [({"min": 0, "below": 1e6}, "{column: x, min: 0, below: 1000000.0}")],
    "fits": [({"precision": 12, "scale": 2}, "{column: x, precision: 12, scale: 2}")],
    "one_of": [({"values": ["new", "1", True]}, '{column: x, values: [new, "1", true]}')],
    "matches": [({"pattern": "^[A-Z]{2}é"}, '{column: x, pattern: "^[A-Z]{2}é"}')],
    "currency": [(True, "x")],
    "minor_units": [
        ({"currency": "code"}, "{column: x, currency: code}"),
        ({"decimals": 2}, "{column: x, decimals: 2}"),
    ],
    "in_time": [
        (True, "x"),
        (
            {"earliest": "2020-01-01", "ahead_s": "none"},
            "{column: x, earliest: 2020-01-01, ahead_s: none}",
        ),
    ],
    "unique": [
        (True, "x"),
        ({"alike": ["case", "blanks"]}, "{columns: x, alike: [case, blanks]}"),
    ],
    "references": [
        ({"parent": "crm.users", "key": "id"}, "{columns: x, parent: crm.users, key: id}")
    ],
    "total": [
        (
            {"lines": "lines", "line": "amount", "by": "invoice_id", "key": "id"},
            "{column: x, lines: lines, line: amount, by: invoice_id, key: id}",
        )
    ],
    "balanced": [
        ({"journal": "j", "currency": "code"}, "{column: x, journal: j, currency: code}"),
    ],
}
PLACE = Location("app/models.py", 7)


def carried(value: Any, column: str = "x", table: str = "t") -> CarriedRules:
    return CarriedRules(("public", table), column, json.dumps(value))


def read(*those: CarriedRules, place: Location | None = PLACE) -> list[DataRule]:
    return list(read_model_rules(those, lambda _: place))


def of_file(tmp_path: Path, *lines: str) -> list[DataRule]:
    path = tmp_path / "rules.yml"
    path.write_text("\n".join(["tables:", "  t:", *(f"    - {line}" for line in lines)]))
    return [bare(rule) for rule in read_data_rules(path, "rules.yml").rules]


def mistakes(*those: CarriedRules, place: Location | None = PLACE) -> list[str]:
    with pytest.raises(BadModelRules) as bad:
        read(*those, place=place)
    first, *told = str(bad.value).splitlines()
    assert first == "Rules in the models' info cannot be used:"
    return told


def test_every_kind_of_a_column_is_as_in_the_file(tmp_path: Path) -> None:
    assert {*ON_A_COLUMN} == {*KINDS} - {"in_order"}
    pairs = [(kind, *pair) for kind, several in ON_A_COLUMN.items() for pair in several]
    found = read(carried([{kind: value} for kind, value, _ in pairs]))
    assert [bare(rule) for rule in found] == of_file(
        tmp_path, *(f"{kind}: {line}" for kind, _, line in pairs)
    )
    assert {rule.location for rule in found} == {PLACE}


def test_what_stands_beside_a_rule_and_one_without_a_list() -> None:
    (rule,) = read(carried({"not_null": True, "severity": "warning", "reason": "asked by audit"}))
    assert (rule.severity, rule.reason) == ("warning", "asked by audit")


def test_a_table_has_rules_as_the_file_has_them(tmp_path: Path) -> None:
    found = read(carried([{"in_order": ["a", "b"]}, {"unique": {"columns": ["a", "b"]}}], ""))
    assert [bare(rule) for rule in found] == of_file(
        tmp_path, "in_order: [a, b]", "unique: {columns: [a, b]}"
    )


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"rang": {"min": 0}}, "there is no rule 'rang' (did you mean range?)"),
        ({"range": {"mni": 0}}, "range has no 'mni' (did you mean min?)"),
        ({"range": {"min": None}}, "None is no value of a rule: leave it out"),
        ({"range": None}, "range has a mapping, or True where it says no more: "),
        ({"one_of": ["a"]}, "one_of has a mapping, or True where it says no more: "),
        ({"range": {"column": "x", "min": 0}}, "range is of the column that it stands at: "),
        ({"unique": {"columns": ["x", "y"]}}, "unique is of the column that it stands at: "),
        ({"not_null": {"min": 0}}, 'not_null says no more than that: {"not_null": True}'),
        ({"not_null": False}, "not_null has a mapping, or True where it says no more: "),
        ({"in_order": ["a", "b"]}, "in_order is of several columns: write it in the info of"),
        ({"not_null": True, "unique": True}, "a rule is a mapping of one kind, such as "),
        ("not_null", "a rule is a mapping of one kind, such as "),
        (None, "a rule is a mapping of one kind, such as "),
        ({"not_null": True, "severity": "bad"}, "severity is blocker, warning or info, not 'bad'"),
    ],
)
def test_mistakes_at_a_column(value: Any, told: str) -> None:
    assert mistakes(carried(value))[0].startswith(f"  app/models.py:7: public.t.x: {told}")


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"not_null": True}, "not_null: of which column? The rules of a table name theirs"),
        ({"not_null": None}, "None is no value of a rule: leave it out"),
        ({"range": {"min": 0}}, "range lacks column"),
        ({"in_order": "a"}, "in_order wants two columns or more: [created_at, updated_at]"),
    ],
)
def test_mistakes_at_a_table(value: Any, told: str) -> None:
    assert mistakes(carried(value, "")) == [f"  app/models.py:7: public.t: {told}"]


def test_all_mistakes_at_once_and_where_no_place_is_known() -> None:
    wrong = CarriedRules(("public", "t"), "y", "", "Decimal('0.01') is no text")
    told = mistakes(carried([{"rang": True}, {"range": True}]), wrong, place=None)
    assert told == [
        "  public.t.x: there is no rule 'rang' (did you mean range?)",
        "  public.t.x: range wants a min, max, above or below",
        "  public.t.y: its info is no JSON: Decimal('0.01') is no text",
    ]
    (rule,) = read(carried({"not_null": True}), place=None)
    assert rule.location is None


def test_the_example_of_the_docs_is_right() -> None:
    """As SQLAlchemy has it. Those of two columns or tables are in the file's example."""
    text = (Path(__file__).parents[2] / "docs" / "data_rules.md").read_text()
    code = text.partition("```python\n")[2].partition("```")[0]
    key = "    id = mapped_column(Integer, primary_key=True)\n"
    created = "    created_at = mapped_column(Date)\n    updated_at = mapped_column(Date)\n"
    lines = "from sqlalchemy import *\nfrom sqlalchemy.orm import *\nBase = declarative_base()\n"
    names: dict[str, Any] = {}
    exec(lines + code + key + created, names)
    told = carried_rules([names["Base"].metadata])
    found = rules_from_events([{"event": "rules", **told}])
    assert found is not None
    kinds = {rule.KIND for rule in read(*found.carried)}
    assert kinds == {*KINDS} - {"total", "balanced"}


MENTIONS = """\
amount = Column(info={"pgassay": []})
amount = Column(info=dict(pgassay=[]))
amount.info["pgassay"] = []
amount.info.setdefault('pgassay', [])
__table_args__ = {"info": {"pgassay": []}}
KEY = "pgassay"
RULES = {
    "pgassay": [],
}
"""
NONE = """\
import pgassay.guard
subprocess.run(["pgassay", "check"])
shutil.which("pgassay")
if pgassay == other: pass
attributes["pgassay_scratch"]
"""


def test_where_files_speak_of_rules(tmp_path: Path) -> None:
    revision = "down_revision = None\nrevision = 1\ndef upgrade(): pass\n"
    texts = {
        "app/models.py": MENTIONS,
        "app/none.py": NONE,
        "app/notes.txt": MENTIONS,
        "migrations/a1.py": revision + MENTIONS,
        "tests/models.py": MENTIONS,
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    found = rule_mentions(tmp_path, [tmp_path / name for name in texts])
    assert {m.location.path for m in found} == {"app/models.py"}
    assert [(m.location.line, m.in_info) for m in found] == [
        *((line, True) for line in range(1, 6)),
        (6, False),
        (8, False),
    ]
