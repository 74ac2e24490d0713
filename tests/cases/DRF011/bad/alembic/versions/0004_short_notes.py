"""Short notes."""

from alembic import op

revision = "0004_short_notes"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE payments ADD CONSTRAINT ck_payments_note_length "
        "CHECK (length(note) < 1000) NOT VALID"
    )


def downgrade() -> None:
    op.drop_constraint("ck_payments_note_length", "payments")
