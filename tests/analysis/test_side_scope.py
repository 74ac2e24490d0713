"""What a side's silence says, and what its word."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pgassay.analysis.schema_diff import compare, unsettled
from pgassay.analysis.side_scope import EVERYTHING, HISTORY, MODELS
from pgassay.facts.catalog import (
    Catalog,
    Column,
    Constraint,
    Database,
    DefaultPrivileges,
    Enum,
    Extension,
    Function,
    Grant,
    Index,
    MaterializedView,
    Publication,
    Schema,
    SchemaObject,
    Sequence,
    Setting,
    Table,
    Trigger,
    UserMapping,
    View,
)
from pgassay.facts.comparison import Comparison
from pgassay.facts.reparsed import ReparsedText

SCOPES = {"applied": HISTORY, "history": HISTORY, "models": MODELS}
T = Table("public", "t", owner="app")
A = Column("public", "t", "a", 1, "integer")


def catalog(*things: SchemaObject, major: int = 18, role: str = "") -> Catalog:
    return Catalog(
        major * 10000,
        tuple(t for t in things if isinstance(t, Table)),
        tuple(t for t in things if isinstance(t, Column)),
        tuple(t for t in things if isinstance(t, Constraint)),
        tuple(t for t in things if isinstance(t, Index)),
        tuple(t for t in things if not isinstance(t, Table | Column | Constraint | Index)),
        role=role,
    )


def compared(**sides: Catalog) -> Comparison:
    return compare(sides, scopes={side: SCOPES.get(side, EVERYTHING) for side in sides})


def said(comparison: Comparison) -> list[tuple[str, str, dict[str, str]]]:
    return [(d.subject, d.property, dict(d.values)) for d in comparison.differences]


BEYOND_MODELS = [
    View("public", "v", definition=" SELECT 1"),
    Function("public", "f()", body="x"),
    Trigger("public", "t", "tr", "BEFORE ..."),
    Sequence("public", "s"),
    Extension("citext"),
    Schema("empty"),
    Publication("p"),
]


@pytest.mark.parametrize("thing", BEYOND_MODELS, ids=lambda t: t.KIND)
def test_models_are_not_asked_for_what_they_cannot_say(thing: SchemaObject) -> None:
    whole, less = catalog(T, A, thing), catalog(T, A)
    found = compared(live=whole, history=whole, models=less)
    assert found.differences == ()
    assert found.left_out == (("beyond what the models can say", 1),)
    # The history is asked, and so are the models for what they do say.
    assert said(compared(live=whole, history=less))[0][2] == {
        "live": "present",
        "history": "absent",
    }
    assert said(compared(history=less, models=whole))[0][2] == {
        "history": "absent",
        "models": "present",
    }


@pytest.mark.parametrize(
    "thing",
    [
        Enum("public", "mood", ("a",)),
        Index("public", "t", "ix", False, ("a",), "USING btree (a)"),
        Sequence("public", "t_a_seq", owned_by=("public", "t", "a")),
        replace(A, name="b", position=2),
        Table("public", "u"),
    ],
    ids=lambda t: t.KIND,
)
def test_models_are_asked_for_what_they_can_say(thing: SchemaObject) -> None:
    (found,) = said(compared(history=catalog(T, A, thing), models=catalog(T, A)))
    assert found[1:] == ("presence", {"history": "present", "models": "absent"})


def test_what_models_leave_as_it_is_says_nothing() -> None:
    table = replace(T, row_security=True, options=("fillfactor=70",), persistence="unlogged")
    column = replace(A, storage="external", statistics=5, default="7")
    assert compared(history=catalog(table, column), models=catalog(T, A)).differences == ()


def test_what_models_set_counts() -> None:
    unlogged = replace(T, persistence="unlogged")
    (found,) = said(compared(history=catalog(T, A), models=catalog(unlogged, A)))
    assert found == (
        "public.t",
        "persistence",
        {"history": "permanent", "models": "unlogged"},
    )


@pytest.mark.parametrize(
    ("prop", "value"),
    [("not_null", True), ("comment", "c"), ("collation", 'pg_catalog."C"'), ("type", "text")],
)
def test_what_models_can_say_of_a_column_counts_either_way(prop: str, value: object) -> None:
    other = replace(A, **{prop: value})  # type: ignore[arg-type]
    for history, models in ((A, other), (other, A)):
        (found,) = said(compared(history=catalog(T, history), models=catalog(T, models)))
        assert found[:2] == ("public.t.a", prop)


def test_the_order_of_columns_is_not_the_models() -> None:
    b = replace(A, name="b", position=2)
    swapped = catalog(T, replace(b, position=1), replace(A, position=2))
    assert compared(history=catalog(T, A, b), models=swapped).differences == ()
    (found,) = said(compared(live=catalog(T, A, b), history=swapped))
    assert found == ("public.t", "column order", {"live": "a, b", "history": "b, a"})


def test_identity_options_are_the_column_s() -> None:
    column = replace(A, generated="always as identity")
    owner = ("public", "t", "a")
    one = Sequence("public", "t_a_seq", "integer", owned_by=owner, identity_column=True)
    renamed = replace(one, name="t_a_seq1")
    assert compared(live=catalog(T, column, one), x=catalog(T, column, renamed)).differences == ()
    stepping = replace(renamed, increment=10)
    (found,) = said(compared(live=catalog(T, column, one), models=catalog(T, column, stepping)))
    assert found == ("public.t.a", "identity increment", {"live": "1", "models": "10"})


APP_READS = (Grant("app_ro", ("SELECT",)),)


def test_grants_count_only_where_the_side_sets_any() -> None:
    granted = replace(T, grants=APP_READS)
    found = compared(live=catalog(granted), history=catalog(T))
    assert found.differences == ()
    assert found.left_out == (("grants: the history set none", 1),)
    other = Function("public", "f()", grants=(Grant("PUBLIC", ()),))
    (difference,) = said(compared(live=catalog(granted, other), history=catalog(T, other)))
    assert difference == (
        "public.t",
        "grants",
        {"live": "app_ro: SELECT", "history": "none"},
    )
    assert said(compared(live=catalog(granted), backup=catalog(T)))[0][1] == "grants"


def test_what_initdb_granted_is_nobody_s_word() -> None:
    public = Schema("public", grants=(Grant("PUBLIC", ("USAGE",)),))
    found = compared(live=catalog(public, replace(T, grants=APP_READS)), history=catalog(public, T))
    assert found.differences == ()


def test_default_privileges_too() -> None:
    default = DefaultPrivileges("app for tables", grants=APP_READS)
    assert compared(live=catalog(T, default), history=catalog(T)).differences == ()
    assert said(compared(live=catalog(T), history=catalog(T, default)))[0][1] == "presence"


def test_owners_count_only_where_the_side_sets_any() -> None:
    u = Table("public", "u", owner="app")
    live = catalog(T, replace(u, owner="other"))
    scratch = [replace(T, owner="me"), replace(u, owner="me")]
    found = compared(live=live, history=catalog(*scratch, role="me"))
    assert found.differences == ()
    assert found.left_out == (("owners: the history set none", 2),)


def test_whoever_built_it_stands_for_the_usual_owner() -> None:
    u, v = Table("public", "u", owner="app"), Table("public", "v", owner="audit")
    live = catalog(T, u, v)
    history = catalog(
        replace(T, owner="me"), replace(u, owner="audit"), replace(v, owner="me"), role="me"
    )
    assert said(compared(live=live, history=history)) == [
        ("public.u", "owner", {"live": "app", "history": "audit"}),
        ("public.v", "owner", {"live": "audit", "history": "app"}),
    ]
    # All of them given to one role: that is the history's word for each.
    given = catalog(*(replace(t, owner="audit") for t in (T, u, v)), role="me")
    assert len(compared(live=live, history=given).differences) == 2


LIST = Table("public", "list", partitioned=True, partition_key="LIST (k)")
PARTITION = Table("public", "list_1", partition_of="public.list", bound="FOR VALUES IN (1)")
OF_PARTITION = Index("public", "list_1", "ix", False, ("k",), "USING btree (k)")


def test_partitions_made_at_run_time() -> None:
    without = catalog(LIST)
    found = compared(live=catalog(LIST, PARTITION), history=without, models=without)
    assert found.differences == ()
    assert found.left_out == (("partition made at run time", 1),)
    with_one = catalog(LIST, PARTITION, OF_PARTITION)
    (lost,) = compared(live=without, history=with_one, models=without).differences
    assert lost.values == (("live", "absent"), ("history", "present"))
    assert lost.also == ("index ix",)
    assert len(compared(live=with_one, backup=without).differences) == 1


def test_a_partition_that_both_have_is_compared() -> None:
    found = compared(live=catalog(LIST, PARTITION), history=catalog(LIST, PARTITION, OF_PARTITION))
    assert said(found)[0][0] == "public.list_1.ix"


def test_a_partition_goes_with_its_missing_parent() -> None:
    (found,) = compared(live=catalog(LIST, PARTITION, OF_PARTITION), history=catalog()).differences
    assert (found.subject, found.also) == ("public.list", ("table list_1",))


@pytest.mark.parametrize(
    "thing",
    [
        Setting("database", ("work_mem=8MB",)),
        UserMapping("app for server s"),
        Database("database", encoding="UTF8"),
    ],
    ids=lambda t: t.KIND,
)
def test_the_deployment_is_not_the_history_s(thing: SchemaObject) -> None:
    assert compared(live=catalog(T, thing), history=catalog(T)).differences == ()
    assert len(compared(live=catalog(T, thing), backup=catalog(T)).differences) == 1


def test_extension_versions_are_not_the_history_s() -> None:
    old, new = Extension("hstore", "1.7"), Extension("hstore", "1.8")
    assert compared(live=catalog(old), history=catalog(new)).differences == ()
    assert said(compared(live=catalog(old), backup=catalog(new)))[0][1] == "version"


def test_a_view_that_was_refreshed_since() -> None:
    empty = MaterializedView("public", "m", definition=" SELECT 1", populated=False)
    full = replace(empty, populated=True)
    assert compared(live=catalog(full), backup=catalog(empty)).differences != ()
    assert compared(live=catalog(full), history=catalog(full)).differences == ()


def test_what_an_older_server_cannot_know() -> None:
    named = replace(A, not_null=True, not_null_name="nn")
    plain = replace(A, not_null=True)
    old, new = catalog(T, plain, major=17), catalog(T, named)
    assert compared(live=old, history=new).differences == ()
    assert said(compared(live=catalog(T, plain), history=new))[0][1] == "not_null_name"
    packed = replace(A, compression="pglz")
    assert compared(live=catalog(T, A, major=13), history=catalog(T, packed)).differences == ()
    assert len(compared(live=catalog(T, A, major=14), history=catalog(T, packed)).differences) == 1


@pytest.mark.parametrize(
    ("last", "increment", "cache", "apart"),
    [
        (1, 1, 1, False),
        (33, 1, 1, False),
        (34, 1, 1, True),
        (40, 1, 20, False),
        (321, 10, 1, False),
    ],
)
def test_where_sequences_stand(last: int, increment: int, cache: int, apart: bool) -> None:
    unused = Sequence("public", "s", increment=increment, cache=cache)
    used = replace(unused, last_value=last)
    found = compared(live=catalog(unused), backup=catalog(used)).differences
    assert [d.property for d in found] == (["last value"] if apart else [])
    assert compared(live=catalog(unused), history=catalog(used)).differences == ()
    hidden = replace(unused, readable=False)
    assert compared(live=catalog(hidden), backup=catalog(used)).differences == ()


def test_texts_are_settled_by_scratch() -> None:
    def check(name: str, text: str) -> Constraint:
        return Constraint("public", "t", name, "check", ("a",), f"CHECK ({text})")

    one, other = check("ck", "((a >= 1) AND (a <= 2))"), check("ck2", "a BETWEEN 1 AND 2")
    sides = {"live": catalog(T, A, one), "history": catalog(T, A, other)}
    first = compare(sides)
    assert [d.property for d in first.differences] == ["presence", "presence"]
    keys = unsettled(sides, first)
    assert keys == {
        "live": (("constraint", one.identity, "definition"),),
        "history": (("constraint", other.identity, "definition"),),
    }
    parsed = ReparsedText(one.definition)
    reparsed = {side: dict.fromkeys(of_side, parsed) for side, of_side in keys.items()}
    second = compare(sides, reparsed=reparsed)
    assert [d.property for d in second.differences] == ["name"]
    assert [(s.property, s.rung) for s in second.settled] == [("definition", "reparsed")]
    assert unsettled(sides, second) == {}


def test_a_text_that_scratch_cannot_parse_stays_and_says_so() -> None:
    one = Constraint("public", "t", "ck", "check", ("a",), "CHECK ((a > 0))")
    other = replace(one, definition="CHECK ((gis(a) > 0))")
    sides = {"live": catalog(T, A, one), "history": catalog(T, A, other)}
    (key,) = unsettled(sides, compare(sides))["history"]
    failed = {"history": {key: ReparsedText(failed="no gis")}}
    (found,) = compare(sides, reparsed=failed).differences
    assert (found.property, found.undecided) == ("definition", "no gis")
