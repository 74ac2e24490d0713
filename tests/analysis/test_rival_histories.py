"""Which histories are rivals, and what belongs to others."""

from __future__ import annotations

from pgassay.analysis.rival_histories import rival_groups, tables_of_others
from pgassay.facts.catalog import Catalog, Table
from pgassay.facts.history import Build, History, Statement


def history(name: str, url: str = "") -> History:
    return History(name, f"/p/{name}", (), (), url=url)


def built(
    name: str, *tables: str, target: str = "", version_table: str = "alembic_version"
) -> Build:
    catalog = Catalog(180000, tables=tuple(Table("public", t) for t in tables))
    return Build(name, version_table=version_table, catalog=catalog, requested_url=target)


A, B = history("a"), history("b")


def groups(*builds: Build) -> list[list[str]]:
    found = rival_groups((A, B), {b.history: b for b in builds})
    return [[h.name for h in group] for group in found]


def test_one_version_table_makes_rivals() -> None:
    assert groups() == [["a", "b"]]
    assert groups(built("a", "x"), built("b", "y")) == [["a", "b"]]


def test_version_tables_of_their_own_do_not() -> None:
    assert groups(built("a", "x"), built("b", "x", version_table="b_version")) == []


def test_different_databases_do_not_unless_they_share_a_table() -> None:
    one, other = built("a", "x", target="host1/app"), built("b", "y", target="host2/app")
    assert groups(one, other) == []
    assert groups(one, built("b", "y", "x", target="host2/app")) == [["a", "b"]]
    failed = Build(
        "b", requested_url="host2/app", statements=(Statement("1", 'ALTER TABLE "x" ADD y int'),)
    )
    assert groups(one, failed) == [["a", "b"]]


def test_what_another_history_looks_after() -> None:
    builds = {
        "a": built("a", "x", "both"),
        "b": built("b", "y", "both", version_table="b_version"),
    }
    assert tables_of_others(A, (A, B), builds) == {("public", "y")}
    rivals = {"a": built("a", "x"), "b": built("b", "y")}
    assert tables_of_others(A, (A, B), rivals) == frozenset()
