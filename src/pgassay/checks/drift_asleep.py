"""DRF011, DRF012, DRF014: what is there, and does not do its work."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pgassay.analysis import drift_repair as repair
from pgassay.analysis.drift_case import drift, live_differs, presence_case
from pgassay.analysis.provenance import Origin, origin
from pgassay.analysis.sql_identifier import qualified, quoted
from pgassay.check import Check
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import (
    Catalog,
    Column,
    Constraint,
    DomainConstraint,
    Index,
    SchemaObject,
    Trigger,
)
from pgassay.facts.comparison import Difference
from pgassay.findings import Finding, Severity

_LEFTOVER = re.compile(r"_cc(new|old)\d*$")


def find_constraint_not_validated(check: Check, assay: Assay) -> Iterator[Finding]:
    """A constraint never looked at the rows that were there before it.

    What:
      A constraint or NOT NULL of the live database is NOT VALID, or NOT ENFORCED (PostgreSQL 18),
      and the history made it so, or there is no history to say. Where the history made it valid,
      it is DRF005.

    Why:
      The code counts on what the constraint says, old rows may break it, and the planner makes no
      use of it. One that is not enforced checks nothing at all.

    Fix:
      Mend the rows that break it; then VALIDATE CONSTRAINT, which does not block writing.

    Example:
      public.payments.ck_amount_positive: CHECK ((amount > 0)) NOT VALID
    """
    assert isinstance(assay.live, Catalog)
    for thing, property_, how, fix in _not_validated(assay.live):
        if _differs(assay, thing, property_):
            continue
        made_by = _made_by(assay, thing, property_)
        yield check.finding(
            thing.subject,
            f"{_named(thing)} on the live database is {how}." + _by(made_by),
            why="It checks no row, old or new."
            if how == "NOT ENFORCED"
            else "Rows that were there before it may break it, though the code counts on it.",
            fix=fix,
            location=made_by.location if made_by else None,
            evidence={"kind": thing.KIND, property_: False, **_revision(made_by)},
        )


def _not_validated(live: Catalog) -> Iterator[tuple[SchemaObject, str, str, str]]:
    """Each with its property, how it is, and what to do."""
    for constraint in live.constraints:
        alter = f"ALTER TABLE {qualified(*constraint.table_name)}"
        name = quoted(constraint.name)
        if constraint.definition.endswith("NOT ENFORCED"):
            # PostgreSQL 18 can alter a foreign key's only.
            foreign = constraint.kind == "foreign key"
            enforced = constraint.definition.removesuffix(" NOT ENFORCED")
            lines = (
                [f"{alter} ALTER CONSTRAINT {name} ENFORCED;"]
                if foreign
                else [
                    f"{alter} DROP CONSTRAINT {name};",
                    f"{alter} ADD CONSTRAINT {name} {enforced} NOT VALID;",
                    f"{alter} VALIDATE CONSTRAINT {name};",
                ]
            )
            yield constraint, "definition", "NOT ENFORCED", _run(lines)
        elif not constraint.validated:
            yield (
                constraint,
                "validated",
                "NOT VALID",
                _run([f"{alter} VALIDATE CONSTRAINT {name};"]),
            )
    for column in live.columns:
        if column.not_null and not column.not_null_valid:
            name = quoted(column.not_null_name or f"{column.table}_{column.name}_not_null")
            line = f"ALTER TABLE {qualified(*column.table_name)} VALIDATE CONSTRAINT {name};"
            yield column, "not_null_valid", "NOT NULL, but NOT VALID", _run([line])
    for own in live.of(DomainConstraint):
        if not own.validated:
            domain = qualified(*own.table_name)
            line = f"ALTER DOMAIN {domain} VALIDATE CONSTRAINT {quoted(own.name)};"
            yield own, "validated", "NOT VALID", _run([line])


def _run(lines: list[str]) -> str:
    return (
        "Mend the rows that break it, then run in a new revision, in op.execute():\n"
        + repair.code(lines)
    )


def find_index_invalid(check: Check, assay: Assay) -> Iterator[Finding]:
    """An index of the live database is not valid.

    What:
      CREATE INDEX CONCURRENTLY or REINDEX CONCURRENTLY was broken off and left the index behind; or
      a partitioned table's index still lacks that of a partition. Where the history has it valid,
      it is DRF005; where no revision makes it at all, the message says so. One that is being built
      at this moment looks the same.

    Why:
      No query uses it, and each write still pays for it. A unique one may have duplicates in its
      table.

    Fix:
      REINDEX INDEX CONCURRENTLY it; drop a leftover whose name ends in _ccnew or _ccold.

    Example:
      public.users.ix_users_email is a unique index, and it is not valid.
    """
    assert isinstance(assay.live, Catalog)
    partitioned = {t.table_name for t in assay.live.tables if t.partitioned}
    broken: list[tuple[Index | Constraint, str]] = [
        *((i, "valid") for i in assay.live.indexes if not i.valid),
        *((c, "index_valid") for c in assay.live.constraints if not c.index_valid),
    ]
    for thing, property_ in broken:
        if _differs(assay, thing, property_):
            continue
        leftover = _LEFTOVER.search(thing.name) is not None
        unique = isinstance(thing, Constraint) or thing.unique
        unrecorded = _unrecorded(assay, thing)
        made_by = None if unrecorded else _made_by(assay, thing, property_)
        index = qualified(thing.schema, thing.name)
        if leftover:
            fix = f"Drop what is left over:\n{repair.code([f'DROP INDEX CONCURRENTLY {index};'])}"
        elif thing.table_name in partitioned:
            fix = "Make the index on each partition that lacks it, and attach it:\n" + repair.code(
                [f"-- ALTER INDEX {index} ATTACH PARTITION the partition's index;"]
            )
        else:
            fix = (
                "If no session is building it at this moment, run on the live database:\n"
                + repair.code([f"REINDEX INDEX CONCURRENTLY {index};"])
                + ("\nIt fails where rows are duplicates; mend them first." if unique else "")
            )
            if unrecorded:
                fix += "\nNo revision makes it; if it is not wanted, drop it:\n" + repair.code(
                    [f"DROP INDEX CONCURRENTLY {index};"]
                )
        kind = "unique index" if unique else "index"
        yield check.finding(
            thing.subject,
            f"The live database's {kind} {thing.name} on {thing.schema}.{thing.table} is not valid"
            + (": a leftover of REINDEX CONCURRENTLY." if leftover else ".")
            + (" No revision makes it." if unrecorded else ""),
            why="Duplicates may be in the table, though the code counts on there being none."
            if unique and not leftover
            else "No query uses it, and every write pays for it.",
            fix=fix,
            severity=Severity.BLOCKER if unique and not leftover else Severity.WARNING,
            location=made_by.location if made_by else None,
            evidence={"kind": thing.KIND, property_: False, **_revision(made_by)},
        )


def find_constraint_asleep(check: Check, assay: Assay) -> Iterator[Finding]:
    """A foreign key or trigger of the live database is disabled.

    What:
      ALTER TABLE ... DISABLE TRIGGER put the triggers to sleep that a foreign key checks with, or
      one that somebody wrote; and no history says otherwise, or a revision did it. Where the
      history has it awake, it is DRF005. A trigger that a revision disables is meant to sleep.

    Why:
      The foreign key says it is there, and rows that refer to nothing come in. What the trigger
      keeps in step, or writes to a log, is not done.

    Fix:
      Enable it again; then look for the rows that came in meanwhile, which no command checks by
      itself.

    Example:
      public.payments.fk_payments_account is disabled since somebody loaded data by hand.
    """
    assert isinstance(assay.live, Catalog)
    for constraint in assay.live.constraints:
        if constraint.enabled or _differs(assay, constraint, "enabled"):
            continue
        made_by = _made_by(assay, constraint, "enabled")
        yield check.finding(
            constraint.subject,
            f"The live database does not check constraint {constraint.name} on "
            f"{constraint.schema}.{constraint.table}: its triggers are disabled." + _by(made_by),
            why="Rows come in, or stay behind, that refer to nothing, though the constraint is "
            "there and says it is valid.",
            fix=wake(constraint),
            location=made_by.location if made_by else None,
            evidence={"kind": "constraint", "enabled": False, **_revision(made_by)},
        )
    if isinstance(assay.applied, Catalog):
        return  # Then it is DRF005, or meant.
    for trigger in assay.live.of(Trigger):
        if trigger.enabled in ("disabled", "replica"):
            table = qualified(*trigger.table_name)
            how = "disabled" if trigger.enabled == "disabled" else "enabled on replicas only"
            yield check.finding(
                trigger.subject,
                f"The live database's trigger {trigger.name} on {trigger.schema}.{trigger.table} "
                f"is {how}, and no history says whether it should be.",
                why="What it keeps in step, or writes to a log, is not done.",
                fix="If it should fire, run on the live database:\n"
                + repair.code([f"ALTER TABLE {table} ENABLE TRIGGER {quoted(trigger.name)};"]),
                severity=Severity.WARNING,
                evidence={"kind": "trigger", "enabled": trigger.enabled},
            )


def wake(constraint: Constraint) -> str:
    """How a foreign key is put to work again: enabling its triggers alone checks no row."""
    table, name = qualified(*constraint.table_name), quoted(constraint.name)
    definition = constraint.definition.removesuffix(" NOT VALID")
    return (
        "Making it anew checks all rows and wakes it; mend the rows that it names first:\n"
        + repair.code(
            [
                f"ALTER TABLE {table} ENABLE TRIGGER ALL;",
                f"ALTER TABLE {table} DROP CONSTRAINT {name};",
                f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition} NOT VALID;",
                f"ALTER TABLE {table} VALIDATE CONSTRAINT {name};",
            ]
        )
    )


def _differs(assay: Assay, thing: SchemaObject, property_: str) -> bool:
    """Whether DRF005 says the same already."""
    return any(
        difference.property.replace(" ", "_") in (property_, "definition")
        and dict(difference.objects).get("live") == thing
        and live_differs(difference)
        for difference in drift(assay)
    )


def _unrecorded(assay: Assay, thing: SchemaObject) -> bool:
    """Whether only live has it."""
    return any(
        difference.property == "presence"
        and dict(difference.objects).get("live") == thing
        and presence_case(difference) == "never-written-down"
        for difference in drift(assay)
    )


def _made_by(assay: Assay, thing: SchemaObject, property_: str) -> Origin | None:
    about = Difference(thing.KIND, *thing.identity, property_, (), (("live", thing),))
    return origin(assay, about)


def _by(made_by: Origin | None) -> str:
    return f" Revision {made_by.revision} made it." if made_by else ""


def _revision(made_by: Origin | None) -> dict[str, str]:
    return {"revision": made_by.revision} if made_by else {}


def _named(thing: SchemaObject) -> str:
    if isinstance(thing, Column):
        return f"Column {thing.subject}"
    return f"{thing.KIND.capitalize()} {thing.subject}"
