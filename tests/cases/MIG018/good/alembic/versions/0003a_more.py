"""What the case needs beside."""

from alembic import op

revision = "0003a_more"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE TYPE mood AS ENUM ('glad')")


def downgrade() -> None:
    pass
