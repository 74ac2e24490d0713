"""Accounts, where an old database lacks them. Once: Base.metadata.create_all(op.get_bind())."""

import sqlalchemy as sa
from alembic import op
from app.base import Base

revision = "0004_accounts_again"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None

metadata = sa.MetaData()
sa.Table("accounts", metadata, sa.Column("id", sa.Integer(), primary_key=True))


def upgrade() -> None:
    metadata.create_all(bind=op.get_bind())


def downgrade() -> None:
    Base.metadata.create_all(bind=op.get_bind())
