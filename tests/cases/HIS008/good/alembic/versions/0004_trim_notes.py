"""Trimmed notes."""

from typing import Optional, Sequence, Union

from alembic import op

revision: str = "0004_trim_notes"
down_revision: Union[str, Sequence[str], None] = "0003_payments_by_day"
branch_labels: Optional[Sequence[str]] = None
depends_on: Optional[Sequence[str]] = None


def upgrade() -> None:
    op.execute("UPDATE payments SET note = trim(note)")


def downgrade() -> None:
    pass
