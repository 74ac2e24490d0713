from flask import Flask

from app.base import Base
from app.database import connect
from app.settings import settings


def create_app():
    app = Flask(__name__)
    if not settings.debug:
        return app
    Base.metadata.create_all(connect())
    return app
