from sqlalchemy import Column, DateTime, Integer, String, Text, UniqueConstraint, func

from app.base import Base


class Account(Base):
    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("email", name="uq_accounts_email"),)

    id = Column(Integer, primary_key=True)
    email = Column(String(255), nullable=False)
    opened_at = Column(DateTime(timezone=True), server_default=func.now(), nullable=False)
    note = Column(Text)
