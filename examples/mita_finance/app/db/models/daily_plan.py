import uuid
from datetime import date as date_type
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Date, DateTime, ForeignKey, Numeric, String, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB, UUID
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base


class DailyPlan(Base):
    """What a user may spend on one category on one day."""

    __tablename__ = "daily_plan"
    __table_args__ = (
        UniqueConstraint("user_id", "date", "category", name="uq_daily_plan_user_date_category"),
    )

    id: Mapped[uuid.UUID] = mapped_column(UUID(as_uuid=True), primary_key=True, default=uuid.uuid4)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    date: Mapped[date_type] = mapped_column(Date)
    category: Mapped[str] = mapped_column(String(50))
    planned_amount: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    spent_amount: Mapped[Decimal] = mapped_column(Numeric(12, 2), server_default="0")
    details: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now()
    )
