"""HIS028 on hand-written facts: what was shown, what live says to it, and what was not shown."""

from __future__ import annotations

from pgassay.check import run_checks
from pgassay.checks.conditional_revisions import CHECKS
from pgassay.facts.assay import Assay
from pgassay.facts.comparison import Comparison, Difference
from pgassay.facts.history import History
from pgassay.facts.location import Location
from pgassay.facts.other_path import Condition, HistoryPaths, OtherPath, OtherState
from pgassay.facts.project import Project
from pgassay.facts.settings import Settings
from pgassay.findings import Finding, Severity

HISTORY = History("alembic", "/p/alembic", (), ())
ASKS = Condition("objects", "has_table('plans')", Location("r.py", 9))
PLANS = ("public", "plans")
PRICE = OtherState("column", PLANS, "price", whole=True)
NULLABLE = Difference("column", *PLANS, "price", "not_null", (("found", "no"), ("expected", "yes")))


def on_live(name: str, table: str = "plans", live: str = "a") -> Difference:
    values = (("live", live), ("applied", "b"), ("models", "b"))
    return Difference("column", "public", table, name, "type", values)


def found(*differences: Difference, revisions: int = 1, shown: bool = True) -> list[Finding]:
    names = [f"r{n}" for n in range(revisions)]
    paths = HistoryPaths(
        "alembic",
        tuple((r, ASKS) for r in names),
        frozenset(names if shown else ()),
        tuple(OtherPath(r, "", (NULLABLE,), (PRICE,)) for r in names) if shown else (),
    )
    assay = Assay(
        Settings(),
        Project("/p", (HISTORY,)),
        main=HISTORY,
        other_paths=(paths,),
        comparison=Comparison(differences),
    )
    return list(run_checks(CHECKS, assay).findings)


def test_a_possibility_is_information() -> None:
    (one,) = found()
    assert (one.subject, one.severity, one.location) == (
        "alembic: r0",
        Severity.INFO,
        Location("r.py", 9),
    )
    assert one.message == (
        "r0 asks before it acts (`has_table('plans')`), and where public.plans is there already in "
        "another shape, leaves it so: column public.plans.price with not null no instead of yes."
    )


def test_live_that_differs_in_the_same_table_took_the_other_path() -> None:
    (one,) = found(on_live("starts"), on_live("a", "others"), on_live("note", live="b"))
    assert one.severity is Severity.WARNING
    assert one.message.endswith("The live database differs in just that: public.plans.starts.")
    assert "drift found for public.plans.starts" in one.fix
    assert one.evidence["live"] == ["public.plans.starts"]


def test_live_that_differs_elsewhere_says_nothing_of_it() -> None:
    assert [f.severity for f in found(on_live("price", "others"))] == [Severity.INFO]


def test_what_was_not_tried_is_said() -> None:
    (one,) = found(shown=False)
    assert one.severity is Severity.INFO
    assert "no proof that there is none" in one.message


def test_one_finding_tells_all_of_a_history() -> None:
    assert [f.subject for f in found()] == ["alembic: r0"]
    (one,) = found(revisions=6)
    assert (one.subject, one.severity) == ("alembic: conditional revisions", Severity.INFO)
    assert one.message == (
        "6 revisions of alembic/ ask before they act. Where the answer is another, the schema was "
        "another with r0, r1, r2, r3 and 2 more."
    )
    assert list(one.evidence["revisions"]) == ["r0", "r1", "r2", "r3", "r4", "r5"]
    (one,) = found(revisions=2, shown=False)
    assert one.message == (
        "2 revisions of alembic/ ask before they act. Of r0, r1 no other schema could be shown, "
        "which is no proof that there is none."
    )
    # What live shows is told by itself.
    assert len(found(on_live("price"), revisions=6)) == 6
