"""What becomes of the linter's remarks, by what the statements were seen to do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pgassay.analysis.second_opinion import Fate, agreeing_rules, weighed
from pgassay.facts.catalog import Catalog, Constraint, ConstraintKind, View
from pgassay.facts.pending_run import ColumnChange, PendingRun, TableLock, WatchedStatement
from pgassay.facts.second_opinion import Remark, SecondOpinion
from pgassay.facts.touch import Touch

EMPTY = Catalog(0)
USERS = ("public", "users")
VIEW = Touch("r2", "drop", "DROP VIEW", "view", "public.v")
VIEW_RULE = Touch("r2", "drop", "DROP VIEW", "rule", '"_RETURN" on public.v', ("public", "v"))
ALTERED = Touch("r2", "alter", "ALTER TABLE", "table", "public.users", USERS)
KEY = Touch("r2", "drop", "ALTER TABLE", "table constraint", "k on public.users", USERS)


def made(kind: str, name: str, table: tuple[str, str] | None = None) -> Touch:
    return Touch("r2", "create", f"CREATE {kind.upper()}", kind, name, table)


def did(*touches: Touch, transaction: int = 1, sql: str = "x") -> WatchedStatement:
    took = (TableLock(USERS, "AccessExclusiveLock"),)
    return WatchedStatement("r2", sql, transaction, alone=False, took=took, touches=touches)


def fate(
    rule: str,
    *statements: WatchedStatement,
    of: int = 0,
    before: Catalog = EMPTY,
    after: Catalog | None = None,
) -> str:
    run = PendingRun("alembic", "x", (), ("r2",), statements, before, after)
    [one] = weighed(SecondOpinion("squawk", (Remark(of, rule, "said"),)), run)
    return one.fate


def test_what_no_check_looks_for_is_open() -> None:
    assert fate("ban-drop-not-null", did(ALTERED)) == Fate.OPEN
    assert fate("ban-drop-view", did(VIEW, VIEW_RULE)) == Fate.OPEN
    assert fate("a-rule-of-next-year", did(ALTERED)) == Fate.OPEN


def test_style_is_no_hazard() -> None:
    assert fate("prefer-text-field", did(ALTERED)) == Fate.STYLE


@pytest.mark.parametrize("found", [[("MIG001", "x")], [("MIG014", "x")], [("MIG001", "")]])
def test_a_finding_on_the_statement_confirms(found: list[tuple[str, str]]) -> None:
    opinion = SecondOpinion("squawk", (Remark(0, "changing-column-type", "said"),))
    run = PendingRun("alembic", "x", (), ("r2",), (did(ALTERED),), Catalog(0), None)
    assert [w.fate for w in weighed(opinion, run, found)] == [Fate.CONFIRMED]
    for other in ([], [("MIG001", "y")], [("MIG003", "x")]):
        assert [w.fate for w in weighed(opinion, run, other)] == [Fate.REFUTED]


def test_what_is_new_is_no_loss() -> None:
    new = did(made("table", "public.notes", ("public", "notes")))
    alters = Touch("r2", "alter", "ALTER TABLE", "table", "public.notes", ("public", "notes"))
    assert fate("ban-drop-not-null", new, did(alters), of=1) == Fate.IDLE
    # Made later, it was another one before.
    assert fate("ban-drop-not-null", did(alters), new) == Fate.OPEN
    view = made("view", "public.v")
    assert fate("ban-drop-view", did(view), did(VIEW, VIEW_RULE), of=1) == Fate.IDLE
    policy = made("policy", "p on public.users", USERS)
    assert fate("ban-create-policy", did(policy)) == Fate.OPEN


def test_what_is_made_again_in_the_transaction_is_not_missed() -> None:
    drops, makes = did(VIEW, VIEW_RULE), did(made("view", "public.v"))
    was = View("public", "v", definition="SELECT 1")
    same, other = Catalog(0, others=(was,)), replace(was, definition="SELECT 2")

    def view(*statements: WatchedStatement, after: Catalog = same) -> str:
        return fate("ban-drop-view", *statements, before=same, after=after)

    assert view(drops, makes) == Fate.IDLE
    assert view(drops, replace(makes, transaction=2)) == Fate.OPEN
    assert view(drops, did(made("view", "public.w"))) == Fate.OPEN
    assert view(drops, makes, after=Catalog(0, others=(other,))) == Fate.OPEN
    assert view(drops, makes, after=Catalog(0)) == Fate.OPEN


def test_a_constraint_is_made_again_as_it_was() -> None:
    key = Constraint("public", "users", "k", "check", ("a",), "CHECK (a > 0)")
    wider = replace(key, definition="CHECK (a > -1000)")
    there = Catalog(0, constraints=(key,))
    dropped, added = did(KEY, ALTERED), did(ALTERED)

    def dropping(*statements: WatchedStatement, after: Catalog | None = there) -> str:
        return fate("ban-drop-constraint", *statements, before=there, after=after)

    assert dropping(dropped, added) == Fate.IDLE
    in_one = "ALTER TABLE users DROP CONSTRAINT k, ADD CONSTRAINT k CHECK (a > 0)"
    assert dropping(replace(dropped, sql=in_one)) == Fate.IDLE
    assert dropping(dropped) == Fate.OPEN
    assert dropping(dropped, replace(added, transaction=2)) == Fate.OPEN
    assert dropping(dropped, added, after=Catalog(0, constraints=(wider,))) == Fate.OPEN
    assert dropping(dropped, added, after=Catalog(0)) == Fate.OPEN
    assert dropping(dropped, added, after=None) == Fate.OPEN


def test_who_was_left_out_refutes_nothing() -> None:
    opinion = SecondOpinion("squawk", (Remark(0, "ban-drop-column", "said"),))
    run = PendingRun("alembic", "x", (), ("r2",), (did(ALTERED),), Catalog(0), None)
    for looked, expected in (({"MIG008"}, Fate.REFUTED), ({"MIG001"}, Fate.UNASKED)):
        assert [w.fate for w in weighed(opinion, run, (), looked)] == [expected]


def test_each_object_of_a_statement_is_named() -> None:
    other = Touch("r2", "alter", "ALTER TABLE", "table", "public.orders", ("public", "orders"))
    opinion = SecondOpinion("squawk", (Remark(0, "ban-drop-not-null", "said"),))
    statements = (did(ALTERED, other, ALTERED),)
    run = PendingRun("alembic", "x", (), ("r2",), statements, Catalog(0), None)
    assert [w.objects for w in weighed(opinion, run)] == [("public.users", "public.orders")]


def test_what_nothing_tells_of_is_open() -> None:
    assert fate("ban-drop-type", did()) == Fate.OPEN
    assert fate("transaction-nesting", did()) == Fate.OPEN
    # Event triggers tell of each view that is gone.
    assert fate("ban-drop-view", did()) == Fate.IDLE


def test_another_name_for_what_no_query_names() -> None:
    index = Touch("r2", "alter", "ALTER INDEX", "index", "public.i", USERS)
    view = Touch("r2", "alter", "ALTER VIEW", "view", "public.v")
    assert fate("renaming-object", did(index)) == Fate.IDLE
    assert fate("renaming-object", did(view)) == Fate.OPEN
    assert fate("renaming-object", did(index, view)) == Fate.OPEN
    constraint = Touch("r2", "alter", "ALTER TABLE", "table constraint", "k on public.users", USERS)
    kinds: dict[ConstraintKind, Fate] = {
        "check": Fate.IDLE,
        "foreign key": Fate.IDLE,
        "unique": Fate.OPEN,
    }
    for kind, expected in kinds.items():
        key = Constraint("public", "users", "k", kind, ("a",), "")
        after = Catalog(0, constraints=(key,))
        assert fate("renaming-object", did(constraint), after=after) == expected
    assert fate("renaming-object", did(constraint), after=EMPTY) == Fate.OPEN
    for is_new, expected in ((True, Fate.IDLE), (False, Fate.OPEN)):
        column = ColumnChange(USERS, "a", "renamed", "a_new", "a", is_new=is_new)
        assert fate("renaming-object", replace(did(ALTERED), columns=(column,))) == expected


def test_who_agrees_with_a_finding() -> None:
    statement = did(ALTERED)
    run = PendingRun("alembic", "x", (), ("r2",), (statement,), Catalog(0), None)
    remarks = [Remark(0, r, "") for r in ("changing-column-type", "ban-drop-view", "prefer-repack")]
    opinion = SecondOpinion("squawk", tuple(remarks))
    said = agreeing_rules(opinion, run, statement, "MIG001")
    assert said == ("changing-column-type", "prefer-repack")
    assert agreeing_rules(opinion, run, statement, "MIG003") == ()
