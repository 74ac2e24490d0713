"""The async engine and the dependency that hands out database connections to the routes."""

import os
from collections.abc import AsyncIterator

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

database_url = os.environ["DATABASE_URL"]
if database_url.startswith("postgresql://"):
    database_url = database_url.replace("postgresql://", "postgresql+asyncpg://", 1)

# OPTIMIZED connection pooling settings
async_engine = create_async_engine(
    database_url,
    pool_size=20,  # Increased from default
    max_overflow=30,  # High overflow capacity
    pool_timeout=30,  # Increased timeout
    pool_recycle=3600,  # 1 hour recycle
    pool_pre_ping=True,
    connect_args={
        "statement_cache_size": 0,  # Disabled for pgbouncer compatibility
        "command_timeout": 10,
    },
)

AsyncSessionLocal = async_sessionmaker(async_engine, expire_on_commit=False)


async def get_async_db() -> AsyncIterator[AsyncSession]:
    async with AsyncSessionLocal() as db:
        try:
            yield db
        except Exception:
            await db.rollback()
            raise
