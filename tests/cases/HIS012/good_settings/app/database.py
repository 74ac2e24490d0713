from sqlalchemy import create_engine

from app.settings import Settings


def connect():
    return create_engine(Settings().database_url).connect()
