"""Plans, unless they are there."""

from alembic import op

revision = "0004_plans"
down_revision = "0003_payments_by_day"


def upgrade() -> None:
    op.execute(
        "CREATE TABLE IF NOT EXISTS plans (id serial PRIMARY KEY, starts date NOT NULL)"
    )


def downgrade() -> None:
    op.execute("DROP TABLE plans")
