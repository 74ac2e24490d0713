"""Every kind and property has its consequence, and what has none counts as the worst."""

from __future__ import annotations

from dataclasses import fields

import pytest

from pgassay.analysis.drift_consequence import Area, consequence, lacking
from pgassay.analysis.drift_consequence_properties import PROPERTIES
from pgassay.analysis.drift_consequence_table import PRESENCE
from pgassay.facts.catalog import KINDS, Constraint, Function, Index, Policy, SchemaObject, Table
from pgassay.facts.comparison import Difference
from pgassay.findings import Severity

EVERY_PROPERTY = [
    (kind.KIND, field.name)
    for kind in KINDS
    for field in fields(kind)
    if (field.compare and field.name not in ("schema", "table", "name"))
    # Where an extension's objects are, and the table of a statistics object, are properties.
    or (kind.KIND, field.name) in (("extension", "schema"), ("statistics", "table"))
]
UNIQUE = Index("public", "t", "u", True, ("id",), "USING btree (id)")
PLAIN = Index("public", "t", "i", False, ("id",), "USING btree (id)")


def differing(kind: str, property_: str, *things: SchemaObject, **values: str) -> Difference:
    sides = zip(("live", "applied"), things, strict=False)
    return Difference(kind, "public", "t", "x", property_, tuple(values.items()), tuple(sides))


@pytest.mark.parametrize(("kind", "property_"), EVERY_PROPERTY)
def test_every_property_has_a_consequence(kind: str, property_: str) -> None:
    found = consequence(differing(kind, property_))
    assert found.area is not Area.UNKNOWN
    assert found.sentence.endswith(".")


@pytest.mark.parametrize("kind", [kind.KIND for kind in KINDS])
def test_every_kinds_absence_has_a_consequence(kind: str) -> None:
    assert consequence(differing(kind, "presence")).area is not Area.UNKNOWN


def test_the_table_names_no_kind_or_property_that_is_not_there() -> None:
    kinds = {kind.KIND for kind in KINDS}
    assert set(PRESENCE) == set(PROPERTIES) == kinds
    named = {(kind, name) for kind, own in PROPERTIES.items() for name in own}
    made_by_comparing = {
        ("sequence", "last_value"),
        ("sequence", "sequence_name"),
        ("column", "base_type"),
        ("column", "labels"),
    }
    assert named - set(EVERY_PROPERTY) == made_by_comparing


@pytest.mark.parametrize(("kind", "property_"), [("table", "colour"), ("spaceship", "presence")])
def test_the_unknown_is_a_blocker(kind: str, property_: str) -> None:
    found = consequence(differing(kind, property_))
    assert (found.area, found.severity) == (Area.UNKNOWN, Severity.BLOCKER)


@pytest.mark.parametrize(
    ("kind", "property_", "area", "severity"),
    [
        ("table", "presence", "data loss", "blocker"),
        ("table", "row_security", "security", "blocker"),
        ("table", "persistence", "data loss", "blocker"),
        ("table", "options", "performance", "warning"),
        ("table", "column order", "cosmetic", "info"),
        ("table", "comment", "cosmetic", "info"),
        ("table", "owner", "security", "blocker"),
        ("column", "grants", "security", "blocker"),
        ("column", "default", "behaviour", "warning"),
        ("column", "identity increment", "integrity", "blocker"),
        ("column", "identity last value", "integrity", "blocker"),
        ("column", "identity sequence name", "cosmetic", "info"),
        ("constraint", "name", "cosmetic", "info"),
        ("constraint", "enabled", "integrity", "blocker"),
        ("trigger", "enabled", "integrity", "blocker"),
        ("function", "security_definer", "security", "blocker"),
        ("function", "cost", "performance", "warning"),
        ("view", "presence", "queries fail", "blocker"),
        ("view", "options", "security", "blocker"),
        ("publication", "tables", "operations", "warning"),
        ("extension", "version", "operations", "warning"),
        ("enum", "labels", "data loss", "blocker"),
    ],
)
def test_severity_by_consequence(kind: str, property_: str, area: str, severity: str) -> None:
    found = consequence(differing(kind, property_))
    assert (found.area, found.severity) == (area, severity)


@pytest.mark.parametrize(
    ("thing", "severity"),
    [
        (UNIQUE, "blocker"),
        (PLAIN, "warning"),
        (Constraint("public", "t", "ck", "check", (), "CHECK (true)"), "blocker"),
        (Policy("public", "t", "p"), "blocker"),
        (Function("public", "f()"), "blocker"),
        (Table("public", "t"), "blocker"),
    ],
)
def test_what_is_lacking(thing: SchemaObject, severity: str) -> None:
    assert lacking(thing).severity == severity


@pytest.mark.parametrize("property_", ["definition", "valid", "columns"])
def test_only_a_unique_index_keeps_rows_out(property_: str) -> None:
    assert consequence(differing("index", property_, UNIQUE, UNIQUE)).severity == "blocker"
    assert consequence(differing("index", property_, PLAIN, PLAIN)).severity == "warning"
    assert consequence(differing("index", property_, PLAIN, UNIQUE)).severity == "blocker"


def test_a_constraint_that_became_an_index_still_keeps_rows_out() -> None:
    found = differing("constraint", "kind", live="unique index", applied="unique constraint")
    assert consequence(found).severity == "warning"
    assert consequence(differing("table", "kind", live="view", applied="table")).area == "data loss"
