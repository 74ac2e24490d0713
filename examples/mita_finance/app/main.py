"""The web application. Served with `uvicorn --factory app.main:create_app`."""

from app.core import config


def create_app():
    from fastapi import Depends, FastAPI
    from sqlalchemy import text

    from app.core.async_session import get_async_db

    app = FastAPI(title=config.APP_NAME, debug=config.DEBUG)

    @app.get("/health")
    async def health(db=Depends(get_async_db)):  # noqa: B008
        await db.execute(text("SELECT 1"))
        return {"status": "ok"}

    return app
