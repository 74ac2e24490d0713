"""What files, execution and stamp tell together."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pgassay.analysis.history_listing import list_histories
from pgassay.facts.catalog import Catalog
from pgassay.facts.history import (
    Assumed,
    Build,
    BuildFailure,
    History,
    Salvage,
    Stamp,
    UnreadableRevision,
)
from pgassay.facts.history_listing import ListedHistory, TouchedObject
from pgassay.facts.location import Location
from pgassay.facts.stamp_sighting import StampSighting
from pgassay.facts.touch import Touch
from pgassay.facts.unavailable import Unavailable
from tests.analysis.listed_histories import build, history, revision, touch

CHAIN = history(revision("1"), revision("2", "1"), revision("3", "2"))
TABLE = "public.alembic_version"


def listed(
    history: History, stamp: Stamp | Unavailable | None = None, build: Build | None = None
) -> ListedHistory:
    stamps = {} if stamp is None else {history.name: stamp}
    builds: dict[str, Build | Unavailable] = {} if build is None else {history.name: build}
    return list_histories([history], builds, stamps)[0]


def states(found: ListedHistory) -> dict[str, str]:
    return {r.revision.id: r.state for r in found.revisions}


@pytest.mark.parametrize(
    ("rows", "status", "expected"),
    [
        (("2",), "known", {"3": "pending", "2": "applied", "1": "applied"}),
        (("3",), "known", {"3": "applied", "2": "applied", "1": "applied"}),
        ((), "empty", {"3": "pending", "2": "pending", "1": "pending"}),
        (None, "absent", {"3": "pending", "2": "pending", "1": "pending"}),
        (("gone",), "known", {"3": "unknown", "2": "unknown", "1": "unknown"}),
        (("1", "gone"), "known", {"3": "unknown", "2": "unknown", "1": "applied"}),
    ],
)
def test_the_stamp_tells_the_state(
    rows: tuple[str, ...] | None, status: str, expected: dict[str, str]
) -> None:
    found = listed(CHAIN, Stamp(TABLE, rows))
    assert (found.stamp.status, states(found)) == (status, expected)
    assert found.stamp.strangers == tuple(r for r in rows or () if r == "gone")


AHEAD = StampSighting("gone", "gone.py", "abc", "feature", "2", ("x", "gone"))
REMOVED = replace(AHEAD, removed="def")


@pytest.mark.parametrize(
    ("rows", "seen", "position"),
    [
        (("3",), (), "known"),
        (("2",), (), "behind"),
        (("gone",), (), "unknown"),
        (("gone",), (REMOVED,), "unknown"),
        (("gone",), (AHEAD,), "ahead"),
        (("gone", "lost"), (AHEAD,), "unknown"),
        ((), (), ""),
        (None, (), ""),
    ],
)
def test_where_the_stamp_stands(
    rows: tuple[str, ...] | None, seen: tuple[StampSighting, ...], position: str
) -> None:
    stamp = Stamp(TABLE, rows)
    (found,) = list_histories([CHAIN], {}, {CHAIN.name: stamp}, {CHAIN.name: seen})
    assert found.stamp.position == position
    if position == "ahead":
        # What it goes on from is applied.
        assert states(found) == {"3": "unknown", "2": "applied", "1": "applied"}


def test_without_a_stamp_nothing_is_known() -> None:
    found = listed(CHAIN, Unavailable("database", "No live database was named."))
    assert (found.stamp.status, found.stamp.reason) == ("unknown", "No live database was named.")
    assert set(states(found).values()) == {"unknown"}


def test_a_version_table_that_alembic_does_not_see() -> None:
    found = listed(CHAIN, Stamp(TABLE, None, ("hidden.alembic_version",)))
    assert found.stamp.reason == "hidden.alembic_version is not on the search path."


def test_marks_of_head_and_stamp() -> None:
    found = listed(CHAIN, Stamp(TABLE, ("2",)))
    assert [(r.revision.id, r.is_head, r.is_stamp) for r in found.revisions] == [
        ("3", True, False),
        ("2", False, True),
        ("1", False, False),
    ]
    assert (found.heads, found.bases) == (("3",), ("1",))


def test_a_row_that_another_history_has_is_told() -> None:
    other = history(revision("x1"), name="migrations")
    stamps = {"alembic": Stamp(TABLE, ("x1",)), "migrations": Stamp(TABLE, ("x1",))}
    first, second = list_histories([CHAIN, other], {}, stamps)
    assert [p.message for p in first.problems] == [
        f"{TABLE} is stamped x1, which no file of alembic/ has; migrations/ has it."
    ]
    assert second.problems == ()


def test_each_revision_has_what_it_left() -> None:
    seen = build(
        Touch("", "create", "CREATE TABLE", "table", TABLE, ("public", "alembic_version")),
        touch("1", "create", "users"),
        touch("1", "alter", "users"),
        touch("1", "create", "came_and_went"),
        touch("1", "drop", "came_and_went"),
        touch("1", "create", "v", "view"),
        touch("2", "rewrite", "users"),
        touch("2", "alter", "users"),
        touch("2", "drop", "v", "view"),
        touch("2", "create", "v", "view"),
        touch("3", "drop", "v", "view"),
    )
    found = {r.revision.id: r.effects for r in listed(CHAIN, build=seen).revisions}
    users = TouchedObject("table", "public.users", "1", (), ("public", "users"))
    # Revision 2 made it anew, so revision 1 no longer owns it.
    view = TouchedObject("view", "public.v", "2")
    one, two, three = found["1"], found["2"], found["3"]
    assert one is not None
    assert two is not None
    assert three is not None
    assert (one.creates, one.alters, one.drops) == ((users, view), (), ())
    assert (two.creates, two.alters, two.drops) == ((view,), (users,), ())
    assert (three.creates, three.alters, three.drops) == ((), (), (view,))


def test_not_executed_is_not_known_and_executed_without_effect_is_nothing() -> None:
    assert [r.effects for r in listed(CHAIN).revisions] == [None, None, None]
    ran = listed(CHAIN, build=build(touch("1", "create", "users")))
    assert [bool(r.effects and r.effects.creates) for r in ran.revisions] == [False, False, True]
    assert all(r.effects is not None for r in ran.revisions)
    unasked = listed(CHAIN, build=replace(build(), touches=None))
    assert [r.effects for r in unasked.revisions] == [None, None, None]
    assert [listed(CHAIN).build, ran.build] == ["not asked", "built"]


def test_what_two_histories_have_is_marked_in_both() -> None:
    other = history(revision("1"), revision("b", "1"), name="migrations")
    builds = {
        "alembic": build(touch("1", "create", "users"), touch("2", "create", "goals")),
        "migrations": build(touch("b", "alter", "users"), name="migrations"),
    }
    first, second = list_histories([CHAIN, other], builds, {})
    by_id = {r.revision.id: r for r in first.revisions}
    assert [i for i, r in by_id.items() if r.id_also_in == ("migrations",)] == ["1"]
    assert {
        o.name: o.also_in for r in first.revisions for o in (r.effects.creates if r.effects else ())
    } == {"public.users": ("migrations",), "public.goals": ()}
    top = second.revisions[0].effects
    assert top is not None
    # It alters what nobody in its own history creates.
    assert [(o.name, o.owner, o.also_in) for o in top.alters] == [
        ("public.users", "", ("alembic",))
    ]


FAILURE = BuildFailure("2", 'relation "plans" does not exist', location=Location("2.py", 9))


def test_what_was_made_for_a_history_is_not_its_own() -> None:
    salvage = Salvage(
        failures=(FAILURE,),
        assumed=(Assumed("2", 'relation "plans"', "alembic/"),),
        catalog=Catalog(180000),
        touches=(
            touch("1", "create", "users"),
            touch("2", "create", "plans_id_seq", "sequence"),
            touch("2", "create", "plans"),
            touch("2", "create", "plans_pkey", "index", table="plans"),
            touch("2", "alter", "plans"),
            touch("2", "create", "planets"),
            touch("3", "create", "plans_note", "index", table="plans"),
        ),
    )
    found = listed(CHAIN, build=Build("alembic", failure=FAILURE, salvage=salvage))
    by_id = {r.revision.id: r for r in found.revisions}
    two, three = by_id["2"].effects, by_id["3"].effects
    assert two is not None
    assert three is not None
    assert [o.name for o in two.creates] == ["public.planets"]
    assert [(o.name, o.owner) for o in two.alters] == [("public.plans", "")]
    assert [o.name for o in three.creates] == ["public.plans_note"]
    assert (by_id["2"].failures, by_id["3"].failures) == ((FAILURE,), ())
    assert [a.missing for a in by_id["2"].assumed] == ['relation "plans"']
    assert [(p.kind, p.revision, p.message, p.location) for p in found.problems] == [
        ("fails", "2", 'relation "plans" does not exist', Location("2.py", 9))
    ]
    assert found.build == "fails"


def test_after_a_failure_without_a_second_run_nothing_is_known() -> None:
    lost = Unavailable("history alembic", "It hung.")
    seen = Build("alembic", failure=FAILURE, salvage=lost, touches=(touch("1", "create", "users"),))
    found = {r.revision.id: r.effects for r in listed(CHAIN, build=seen).revisions}
    assert found["2"] is None
    assert found["3"] is None
    assert found["1"] is not None


def test_what_is_wrong_with_the_files_is_told() -> None:
    broken = UnreadableRevision(Location("alembic/versions/x.py", 4), "syntax error: invalid", "x")
    found = listed(
        history(
            revision("1", "0"),
            revision("1", "0", path="alembic/versions/again.py"),
            revision("2", "1", depends_on=["nowhere"]),
            *(revision(f"c{n:02}", f"c{(n + 1) % 12:02}") for n in range(12)),
            unreadable=[broken],
        )
    )
    assert [(p.kind, p.revision, p.message) for p in found.problems] == [
        ("unreadable-file", "x", "alembic/versions/x.py: syntax error: invalid"),
        (
            "repeated-id",
            "1",
            "1 is the id of alembic/versions/1.py and alembic/versions/again.py.",
        ),
        ("missing-parent", "1", "1 follows 0, which no file has."),
        ("missing-parent", "2", "2 depends on nowhere, which no file has."),
        (
            "cycle",
            "c00",
            "Each follows the next: c00 -> c01 -> c02 -> c03 -> c04 -> c05 -> c06 -> c07 -> "
            "4 more -> c00.",
        ),
    ]
    # Both files are listed, one below the other.
    paths = [r.revision.location.path for r in found.revisions if r.revision.id == "1"]
    assert paths == ["alembic/versions/1.py", "alembic/versions/again.py"]
