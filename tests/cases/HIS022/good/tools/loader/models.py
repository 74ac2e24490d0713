from sqlalchemy import Column, Integer

from .base import Base


class Load(Base):
    __tablename__ = "loads"

    id = Column(Integer, primary_key=True)
