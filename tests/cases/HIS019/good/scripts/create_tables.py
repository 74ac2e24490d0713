from flask import Flask

from app.base import Base
from app.database import connect

app = Flask(__name__)
Base.metadata.create_all(connect())
