"""A pending revision moves a table to other disks."""

from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A tablespace is the whole server's, so each database makes its own.
    name = "fast_" + op.get_bind().exec_driver_sql("SELECT current_database()").scalar()
    with op.get_context().autocommit_block():
        op.execute("SET allow_in_place_tablespaces = on")
        op.execute(f"CREATE TABLESPACE {name} LOCATION ''")
        op.execute(f"ALTER TABLE payments SET TABLESPACE {name}")


def downgrade() -> None:
    pass
