"""One history again."""

revision = "0005_merge"
down_revision = ("0004_a_trim_notes", "0004_b_capitals")
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
