import asyncio
from contextlib import asynccontextmanager

from fastapi import FastAPI

from app import migrate


@asynccontextmanager
async def lifespan(app):
    await asyncio.to_thread(migrate.migrate)
    yield


app = FastAPI(lifespan=lifespan)
