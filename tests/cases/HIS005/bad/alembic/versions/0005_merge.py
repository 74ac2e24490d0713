"""One history again."""

revision = "0005_merge"
down_revision = ("0003_payments_by_day", "0001_reports")
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
