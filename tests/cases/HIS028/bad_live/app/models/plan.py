from sqlalchemy import Column, Date, Integer

from app.base import Base


class Plan(Base):
    __tablename__ = "plans"

    id = Column(Integer, primary_key=True)
    starts = Column(Date, nullable=False)
