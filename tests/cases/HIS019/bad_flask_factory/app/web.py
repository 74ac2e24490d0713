from flask import Flask
from sqlalchemy import inspect

from app.base import Base


def create_app(engine, testing=False):
    app = Flask(__name__)
    if engine is None:
        app.logger.warning("no database")
    if not inspect(engine).has_table("accounts"):
        Base.metadata.create_all(engine)
    return app
