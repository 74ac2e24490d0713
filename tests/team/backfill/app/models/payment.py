from sqlalchemy import (
    CHAR,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    Text,
)

from app.base import Base


class Payment(Base):
    __tablename__ = "payments"
    __table_args__ = (
        CheckConstraint("amount > 0", name="ck_payments_amount_positive"),
        Index("ix_payments_account_paid_on", "account_id", "paid_on"),
    )

    id = Column(Integer, primary_key=True)
    account_id = Column(
        ForeignKey("accounts.id", name="fk_payments_account", ondelete="RESTRICT"), nullable=False
    )
    amount = Column(Numeric(12, 2), nullable=False)
    currency = Column(CHAR(3), nullable=False)
    note = Column(Text)
    paid_on = Column(Date, nullable=False)
    source = Column(Text)
