"""Whatever is missing."""

from alembic import op
from app.base import Base

revision = "0004_whatever_is_missing"
down_revision = "0003_payments_by_day"
branch_labels = None
depends_on = None


def upgrade() -> None:
    Base.metadata.create_all(bind=op.get_bind())


def downgrade() -> None:
    pass
