"""Not imported by the models; it makes no table."""

from sqlalchemy import Column, Integer

from app.base import Base


class Numbered(Base):
    __abstract__ = True
    __tablename__ = "numbered"

    id = Column(Integer, primary_key=True)


def table_for(year):
    class Archive(Base):
        __tablename__ = "archive"

        id = Column(Integer, primary_key=True)

    return Archive
