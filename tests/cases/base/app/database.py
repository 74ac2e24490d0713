import os

from sqlalchemy import create_engine


def connect():
    return create_engine(os.environ["DATABASE_URL"]).connect()
