import os

from fastapi import FastAPI

from app.base import Base
from app.database import connect

app = FastAPI()


def reset():
    """Called by the tests only."""
    Base.metadata.create_all(connect())


@app.on_event("startup")
def start():
    if os.environ.get("LEDGER_ENV") == "development":
        reset()


@app.on_event("shutdown")
def stop():
    reset()


if __name__ == "__main__":
    reset()
