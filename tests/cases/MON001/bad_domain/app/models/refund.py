from sqlalchemy import Column, Float, Integer
from sqlalchemy.dialects.postgresql import DOMAIN

from app.base import Base


class Refund(Base):
    __tablename__ = "refunds"

    id = Column(Integer, primary_key=True)
    refund_amount = Column(DOMAIN("eur", Float(53)))
