"""The list of histories in a terminal and as JSON, by value."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from rich.cells import cell_len

from pgassay.analysis.history_listing import list_histories
from pgassay.facts.history import Assumed, BuildFailure, Stamp, UnreadableRevision
from pgassay.facts.history_listing import HistoryListing, ListedHistory
from pgassay.facts.location import Location
from pgassay.facts.unavailable import Unavailable
from pgassay.render.history_list import render_history_list
from pgassay.render.history_list_json import history_list_schema, render_history_list_json
from pgassay.render.revision_lanes import ASCII
from tests.analysis.listed_histories import build, history, revision, touch
from tests.render.render_reports import HOSTILE

VALIDATOR = Draft202012Validator(history_list_schema())

MAIN = history(
    revision("1", summary="Users"),
    revision("2a", "1", summary="Goals"),
    revision("2b", "1", labels=["billing"], summary="A summary that is " + "very " * 20 + "long"),
    revision("3", "2a", "2b", summary="Merge"),
    revision("4", "3", "gone", depends_on=["side"]),
    revision("side", summary="Apart"),
    unreadable=[UnreadableRevision(Location("alembic/versions/x.py", 4), "syntax error: bad")],
)
OTHER = history(revision("1", summary="Users too"), name="migrations")
BUILDS = {
    "alembic": build(
        touch("1", "create", "users"),
        touch("1", "create", "users_id_seq", "sequence"),
        touch("1", "create", "users_pkey", "index", table="users"),
        *(touch("2a", "create", f"goals_of_some_kind_{n:02}") for n in range(20)),
        touch("2b", "alter", "users"),
        touch("2b", "drop", "users.phone", "table column", table="users"),
    ),
    "migrations": build(touch("1", "create", "users"), name="migrations"),
}
STAMPS: dict[str, Stamp | Unavailable] = {
    "alembic": Stamp("public.alembic_version", ("2a",)),
    "migrations": Unavailable("database", "No live database was named."),
}
LISTING = HistoryListing(
    "shop",
    list_histories((MAIN, OTHER), BUILDS, STAMPS),
    (Unavailable("stamp", "permission denied", "GRANT SELECT"),),
)

DRAWN = """\
alembic/  6 revisions; 2 heads: 4, side; 2 bases: 1, side
  named by no ini file; version table alembic_version
  stamp: 2a is behind: 2 applied, 4 pending

○─╮  4 (head, depends on side)
│ ✗  gone  no file has it
○─╮  3  Merge
│ ○  2b (label billing)  A summary that is very very very very very very ver ...
│ │  ~ users  - column users.phone
│ │  also in migrations/: users
● │  2a (stamp)  Goals
│ │  + goals_of_some_kind_00, goals_of_some_kind_01 and 18 more
●─╯  1 (id also in migrations/)  Users
     + users
     also in migrations/: users

○  side (head)  Apart

  unreadable file: alembic/versions/x.py: syntax error: bad
  missing parent: 4 follows gone, which no file has.

migrations/  1 revision; head 1; base 1
  named by no ini file; version table alembic_version
  stamp: not known (No live database was named.)

•  1 (head, id also in alembic/)  Users too
   + users
   also in alembic/: users

Could not be had
  stamp: permission denied
    next: GRANT SELECT

● applied  ○ pending  • not known if applied  ✗ no readable file
+ creates  ~ alters  - drops
"""


def shown(**changed: Any) -> list[str]:
    return render_history_list(LISTING, **{"width": 80, **changed}).splitlines()


def test_the_graph_at_80_columns() -> None:
    assert render_history_list(LISTING, width=80) == DRAWN


def test_quiet_is_one_line_a_revision() -> None:
    lines = shown(verbose=-1)
    at = lines.index("○─╮  4 (head, depends on side)")
    assert lines[at + 4 : at + 8] == [
        "● │  2a (stamp)  Goals",
        "●─╯  1 (id also in migrations/)  Users",
        "",
        "○  side (head)  Apart",
    ]
    assert not any("+ users" in line for line in lines)


def test_verbose_shows_every_object_its_owner_and_its_file() -> None:
    text = "\n".join(shown(verbose=1))
    assert "│ │  at alembic/versions/2b.py:3\n│ │  alters: users (of 1)\n" in text
    assert "     creates: users, sequence users_id_seq, index users_pkey\n" in text
    assert all(f"goals_of_some_kind_{n:02}" in text for n in range(20))


def test_ascii_is_ascii() -> None:
    lines = shown(marks=ASCII)
    assert all(line.isascii() for line in lines)
    assert "o-.  4 (head, depends on side)" in lines
    assert "*-'  1 (id also in migrations/)  Users" in lines


def test_colours_only_where_asked_for() -> None:
    assert "\x1b[" not in "\n".join(shown())
    assert "\x1b[32m●" in "\n".join(shown(color=True))


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("verbose", [-1, 0, 1])
def test_no_line_is_wider_than_asked(width: int, verbose: int) -> None:
    wide = [line for line in shown(width=width, verbose=verbose) if cell_len(line) > width]
    assert wide == []


def spoiled(text: str) -> HistoryListing:
    failure = BuildFailure("1", text, location=Location(text or "x", 1))
    first: ListedHistory = list_histories(
        [
            history(
                revision("1", summary=text, labels=[text], path=text or "x"),
                revision(f"2{text}", "1", depends_on=[text]),
            )
        ],
        {"alembic": build(touch("1", "create", text or "x"))},
        {},
    )[0]
    broken = tuple(
        replace(r, failures=(failure,), assumed=(Assumed("1", text or "x", text or "x"),))
        for r in first.revisions
    )
    return HistoryListing(text, (replace(first, revisions=broken),))


@pytest.mark.parametrize("text", HOSTILE)
def test_any_text_is_shown_harmless(text: str) -> None:
    for verbose in (-1, 0, 1):
        lines = render_history_list(spoiled(text), width=80, verbose=verbose).split("\n")
        assert all(line.isprintable() and cell_len(line) <= 80 for line in lines)
    document = render_history_list_json(spoiled(text))
    assert document.isascii()
    VALIDATOR.validate(json.loads(document))


def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(render_history_list_json(LISTING))
    return found


def test_the_schema_is_a_schema_and_the_list_fits_it() -> None:
    Draft202012Validator.check_schema(history_list_schema())
    VALIDATOR.validate(document())


def test_the_keys_come_in_the_order_of_the_contract() -> None:
    found = document()
    schema = history_list_schema()
    assert list(found) == schema["required"]
    listed = found["histories"][0]
    for key, value in (
        ("history", listed),
        ("stamp", listed["stamp"]),
        ("revision", listed["revisions"][0]),
        ("problem", listed["problems"][0]),
    ):
        assert list(value) == schema["$defs"][key]["required"]


def test_a_revision_by_value() -> None:
    found = {r["id"]: r for r in document()["histories"][0]["revisions"]}
    assert list(found) == ["4", "3", "2b", "2a", "1", "side"]
    assert found["2b"] == {
        "id": "2b",
        "parents": ["1"],
        "depends_on": [],
        "labels": ["billing"],
        "summary": "A summary that is " + "very " * 20 + "long",
        "path": "alembic/versions/2b.py",
        "line": 3,
        "state": "pending",
        "id_also_in": [],
        "creates": [],
        "alters": [
            {"kind": "table", "name": "public.users", "owner": "1", "also_in": ["migrations"]}
        ],
        "drops": [
            {"kind": "table column", "name": "public.users.phone", "owner": None, "also_in": []}
        ],
        "assumed": [],
    }


Break = Callable[[dict[str, Any]], object]

BREAKS: dict[str, Break] = {
    "another version": lambda d: d.update(schema_version=2),
    "a key that is not in the contract": lambda d: d.update(verdict="safe"),
    "no histories": lambda d: d.pop("histories"),
    "a history without stamp": lambda d: d["histories"][0].pop("stamp"),
    "a stamp with no rows that is known": lambda d: d["histories"][0]["stamp"].update(revisions=[]),
    "rows of an unknown stamp": lambda d: d["histories"][1]["stamp"].update(revisions=["1"]),
    "a position that is none": lambda d: d["histories"][0]["stamp"].update(position="near"),
    "a position of no row": lambda d: d["histories"][1]["stamp"].update(position="known"),
    "a sighting without its place": lambda d: d["histories"][0]["stamp"]["seen"].append({}),
    "an unknown stamp without a reason": lambda d: d["histories"][1]["stamp"].update(reason=""),
    "a build that is none": lambda d: d["histories"][0].update(build="fine"),
    "a state that is none": lambda d: d["histories"][0]["revisions"][0].update(state="head"),
    "a line below one": lambda d: d["histories"][0]["revisions"][0].update(line=0),
    "an object that is a text": lambda d: d["histories"][0]["revisions"][4]["creates"].append("x"),
    "an object without owner": lambda d: d["histories"][0]["revisions"][4]["creates"][0].pop(
        "owner"
    ),
    "a problem of another kind": lambda d: d["histories"][0]["problems"][0].update(kind="odd"),
    "unavailable without a reason": lambda d: d["unavailable"][0].pop("reason"),
}


@pytest.mark.parametrize("defect", BREAKS.values(), ids=BREAKS)
def test_a_broken_list_is_refused(defect: Break) -> None:
    found = document()
    assert VALIDATOR.is_valid(found)
    defect(found)
    assert not VALIDATOR.is_valid(found)
