from fastapi import FastAPI

from app.base import Base
from app.database import connect

app = FastAPI()
Base.metadata.create_all(connect())
