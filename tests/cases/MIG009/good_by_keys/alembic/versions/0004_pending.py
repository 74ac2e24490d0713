"""A pending revision names each row that it changes by its key."""

import sqlalchemy as sa
from alembic import op

revision = "0004_pending"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    one = sa.text("UPDATE payments SET note = :note WHERE id = :id")
    op.get_bind().execute(one, {"note": "50%; x", "id": 1})
    some = sa.text("DELETE FROM payments WHERE id IN :ids").bindparams(
        sa.bindparam("ids", expanding=True)
    )
    op.get_bind().execute(some, {"ids": [2, 3]})
    op.execute("UPDATE payments SET note = 'x' WHERE id = (SELECT max(id) FROM payments)")
    op.execute(
        "UPDATE payments p SET note = a.email FROM accounts a"
        " WHERE p.id = 4 AND a.id = p.account_id"
    )


def downgrade() -> None:
    pass
