"""What DRF005 says to do where an enum's labels differ."""

from __future__ import annotations

import json
from collections.abc import Sequence

from pgassay.analysis import drift_repair as repair
from pgassay.analysis.alembic_operations import alembic_command, in_op_execute
from pgassay.analysis.alteration_types import renamed_label
from pgassay.analysis.drift_case import missing_labels
from pgassay.analysis.provenance import model_location
from pgassay.analysis.schema_diff import listed, literal
from pgassay.analysis.sql_identifier import qualified
from pgassay.checks.drift_texts import message_of
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import Enum
from pgassay.facts.comparison import Difference

_OTHER_ORDER = "Only the order of the labels differs, by which rows sort"


def fix_live_labels(difference: Difference) -> list[str]:
    """What to do about a live enum whose labels are not the history's."""
    missing = missing_labels(difference, "live", "applied")
    extra = missing_labels(difference, "applied", "live")
    history = "history" if repair.part_on(difference, "history") else "applied"
    unwritten = missing_labels(difference, history, "live")
    pending = [label for label in extra if label not in unwritten]
    steps = []
    old, new = repair.part_on(difference, "live"), repair.part_on(difference, "applied")
    if isinstance(old, Enum) and isinstance(new, Enum) and (renamed := renamed_label(old, new)):
        steps += [
            "If the label was renamed on live, run there, which keeps the rows right:",
            repair.code([renamed]),
        ]
    if missing:
        statements = _add_labels(difference, "live", "applied")
        steps += [
            "If the history is right, run on the live database, outside a transaction:",
            repair.code(f"{statement};" for statement in statements),
        ]
    if pending:
        steps.append(
            f"A pending revision adds {listed(pending)}, which live has: it must say ADD VALUE IF "
            "NOT EXISTS."
        )
    if unwritten:
        statements = _add_labels(difference, history, "live", if_missing=True)
        steps += [
            "PostgreSQL cannot take a label out of an enum. Write what live has in a new revision:",
            _in_revision(statements),
        ]
    return steps or [
        f"{_OTHER_ORDER}. PostgreSQL cannot change it in place: make the type anew, and change the "
        "columns to it."
    ]


def fix_models_labels(assay: Assay, difference: Difference) -> list[str]:
    """What to do about models whose labels are not the history's."""
    extra = missing_labels(difference, "history", "models")
    missing = missing_labels(difference, "models", "history")
    at = model_location(assay, difference)
    where = f" at {at}" if at else ""
    steps = []
    if extra:
        message = message_of(f"labels of {difference.subject}")
        revise = alembic_command(assay.main, f"revision -m {message}")
        statements = _add_labels(difference, "history", "models")
        steps += [
            f"If the history is right, take {listed(extra)} out of the model{where}.",
            f"If the models are right, write the revision:\n{repair.code([revise])}\n"
            f"It must do:\n{_in_revision(statements)}",
        ]
    if missing:
        steps.append(
            f"Add {listed(missing)} to the model{where}: PostgreSQL cannot take a label out of an "
            "enum, and rows may hold it."
        )
    return steps or [f"{_OTHER_ORDER}: write them in the model{where} as the history has them."]


def _add_labels(
    difference: Difference, wrong: str, right: str, *, if_missing: bool = False
) -> list[str]:
    """What adds the labels that `wrong` lacks, each where it stands in `right`."""
    old, new = repair.part_on(difference, wrong), repair.part_on(difference, right)
    if not isinstance(old, Enum) or not isinstance(new, Enum):
        return []
    enum = qualified(old.schema, old.name)
    exists = "IF NOT EXISTS " if if_missing else ""
    statements = []
    for at, label in enumerate(new.labels):
        if label in old.labels:
            continue
        place = ""
        after = [later for later in new.labels[at + 1 :] if later in old.labels]
        if after:
            place = f" BEFORE {literal(after[0])}"
        statements.append(f"ALTER TYPE {enum} ADD VALUE {exists}{literal(label)}{place}")
    return statements


def _in_revision(statements: Sequence[str]) -> str:
    """As a revision says it: before PostgreSQL 12 no transaction could add a label, and none can
    use one that it added."""
    return repair.code(
        [
            "with op.get_context().autocommit_block():",
            *(
                f"    op.execute({json.dumps(in_op_execute(s), ensure_ascii=False)})"
                for s in statements
            ),
        ]
    )


def _text(statement: str) -> str:
    return json.dumps(in_op_execute(statement), ensure_ascii=False)
