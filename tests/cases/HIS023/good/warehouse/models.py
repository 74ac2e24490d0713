from sqlalchemy import Column, Integer
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    pass


class Fact(Base):
    __tablename__ = "facts"

    id = Column(Integer, primary_key=True)
