"""Which histories are rivals, and what belongs to others."""

from __future__ import annotations

from dataclasses import replace

from pgassay.analysis.rival_histories import histories_beside, rival_groups, share_of
from pgassay.facts.catalog import Catalog, Table
from pgassay.facts.history import Build, History, Revision, Statement
from pgassay.facts.location import Location
from pgassay.facts.touch import Touch


def history(name: str, url: str = "") -> History:
    only = Revision("0001", (), Location(f"{name}/versions/0001.py"))
    return History(name, f"/p/{name}", (), (only,), url=url)


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


def test_a_history_without_revisions_stamps_nothing() -> None:
    empty = History("b", "/p/b", (), ())
    assert rival_groups((A, empty), {}) == ()
    assert rival_groups((A, B), {}) == ((A, B),)


def test_a_version_table_that_the_search_path_puts_elsewhere() -> None:
    """The server saw in which schema it was made."""
    made = Touch("", "create", "CREATE TABLE", "table", "x", ("tenant", "alembic_version"))
    plain = replace(built("a", "x"), touches=(replace(made, table=("public", "alembic_version")),))
    tenant = replace(built("b", "y"), touches=(made,))
    assert groups(plain, tenant) == []
    assert groups(plain, replace(tenant, touches=())) == [["a", "b"]]


def test_what_another_history_looks_after() -> None:
    builds = {
        "a": built("a", "x", "both"),
        "b": built("b", "y", "both", version_table="b_version"),
    }
    assert histories_beside(A, (A, B), builds) == (B,)
    assert share_of([B], A, builds) == {("relation", ("public", "y", ""))}
    rivals = {"a": built("a", "x"), "b": built("b", "y")}
    assert histories_beside(A, (A, B), rivals) == ()
