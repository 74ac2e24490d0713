"""A new Alembic revision as the text of its file."""

from __future__ import annotations

from collections.abc import Sequence

_TEXT = '''"""{summary}

{notes}

Revision ID: {id}
Revises: {revises}

"""
from alembic import op

revision = "{id}"
down_revision = {down_revision}
branch_labels = None
depends_on = None


def upgrade() -> None:
{upgrade}


def downgrade() -> None:
{downgrade}
'''


def revision_file(
    summary: str, notes: str, id_: str, parents: Sequence[str], upgrade: str, downgrade: str
) -> str:
    """`upgrade` and `downgrade` are the bodies of these functions, indented by four; "" for one
    that does nothing."""
    names = [f'"{parent}"' for parent in parents]
    return _TEXT.format(
        summary=summary.rstrip("."),
        notes=notes,
        id=id_,
        revises=", ".join(parents),
        down_revision=names[0] if len(names) == 1 else f"({', '.join(names)})" if names else "None",
        upgrade=upgrade or "    pass",
        downgrade=downgrade or "    pass",
    )
