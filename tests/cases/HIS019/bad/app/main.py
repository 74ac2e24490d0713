from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.database import engine
from app.tables import create_tables


@asynccontextmanager
async def lifespan(app):
    await create_tables(engine)
    yield


app = FastAPI(lifespan=lifespan)
