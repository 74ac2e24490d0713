"""What an account has paid."""

from alembic import op

revision = "0004_rights"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "CREATE FUNCTION paid(integer) RETURNS numeric LANGUAGE sql SECURITY DEFINER "
        "AS 'SELECT sum(amount) FROM public.payments WHERE account_id = $1'"
    )


def downgrade() -> None:
    op.execute("DROP FUNCTION paid(integer)")
