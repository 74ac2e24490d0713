"""What becomes of the linter's remarks, by what the statements were seen to do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pgassay.analysis.second_opinion import Fate, agreeing_rules, weighed
from pgassay.facts.catalog import Catalog, Column, Constraint, ConstraintKind
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
    assert fate("ban-drop-view", drops, makes) == Fate.IDLE
    assert fate("ban-drop-view", drops, replace(makes, transaction=2)) == Fate.OPEN
    assert fate("ban-drop-view", drops, did(made("view", "public.w"))) == Fate.OPEN
    key = Constraint("public", "users", "k", "check", ("a",), "CHECK (a > 0)")
    there = Catalog(0, constraints=(key,))
    dropped = did(KEY, ALTERED)
    assert fate("ban-drop-constraint", dropped, before=there, after=there) == Fate.IDLE
    assert fate("ban-drop-constraint", dropped, before=there, after=EMPTY) == Fate.OPEN
    assert fate("ban-drop-constraint", dropped, before=there) == Fate.OPEN
    # The run itself made it.
    assert fate("ban-drop-constraint", dropped, after=EMPTY) == Fate.IDLE
    required = Column("public", "users", "a", not_null=True, not_null_name="k")
    of_column = Catalog(0, columns=(required,))
    assert fate("ban-drop-constraint", dropped, before=of_column, after=EMPTY) == Fate.OPEN


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
