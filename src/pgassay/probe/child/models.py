"""Creating the models' schema on scratch, by the project's own SQLAlchemy."""

from __future__ import annotations

import importlib
from typing import Any

from pgassay.probe.child.carried_rules import carried_rules
from pgassay.probe.child.events import Events
from pgassay.probe.child.stand_in import installed


def create_models(
    metadata: Any, named: str, driver: str, redirect: Any, database: str, events: Events
) -> None:
    """create_all() of `metadata`, or of what `named` ("app.db:Base.metadata") says, in `database`;
    with "" only the rules for rows that they carry are told, as they are before anything is made.

    Extensions and schemas that the history made are made here first, since models cannot say them.
    """
    try:
        found = _named(named) if named else metadata
        several: list[Any] = list(found) if isinstance(found, (list, tuple)) else [found]
        several = [m for m in several if m is not None]
        for strange in (m for m in several if not hasattr(m, "create_all")):
            kind = getattr(strange, "__name__", type(strange).__name__)
            raise TypeError(f"target_metadata has {kind}, which is no MetaData")
        tables = sum(len(m.tables) for m in several)
        if not tables:
            events.send("no-models", given=bool(several))
            return
        events.send("rules", **carried_rules(several))
        if database:
            _create(several, driver, redirect, database)
            events.send("models", tables=tables)
    except Exception as error:
        events.failed("models", error)


def _named(written: str) -> Any:
    module, _, path = written.partition(":")
    found: Any = importlib.import_module(module)
    for name in path.split(".") if path else ["metadata"]:
        found = getattr(found, name)
    return getattr(found, "metadata", found)


def _create(several: list[Any], driver: str, redirect: Any, database: str) -> None:
    # The host does not exist; the redirection puts the scratch server in its place.
    scheme = f"postgresql+{driver}" if driver else "postgresql"
    url = installed(f"{scheme}://pgassay@pgassay.invalid/pgassay_models")
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    if driver in ("asyncpg", "psycopg_async"):
        import asyncio

        from sqlalchemy.ext.asyncio import create_async_engine

        async def work() -> None:
            engine = create_async_engine(url, poolclass=NullPool)
            async with engine.connect() as connection:
                beforehand = await connection.run_sync(_beforehand)
            redirect.database = database
            async with engine.begin() as connection:
                await connection.run_sync(_make, several, beforehand)
            await engine.dispose()

        asyncio.run(work())
        return
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        beforehand = _beforehand(connection)
    redirect.database = database
    with engine.begin() as connection:
        _make(connection, several, beforehand)


def _beforehand(connection: Any) -> list[str]:
    from sqlalchemy import text

    schemas = connection.execute(
        text(
            "SELECT 'CREATE SCHEMA IF NOT EXISTS ' || quote_ident(nspname) FROM pg_namespace "
            "WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public')"
        )
    )
    extensions = connection.execute(
        text(
            "SELECT 'CREATE EXTENSION IF NOT EXISTS ' || quote_ident(extname) || ' SCHEMA ' "
            "|| quote_ident(nspname) FROM pg_extension e JOIN pg_namespace n "
            "ON n.oid = e.extnamespace WHERE extname <> 'plpgsql'"
        )
    )
    return [row[0] for row in (*schemas.fetchall(), *extensions.fetchall())]


def _make(connection: Any, several: list[Any], beforehand: list[str]) -> None:
    from sqlalchemy import text

    own = {t.schema for m in several for t in m.tables.values() if t.schema}
    quoted = ['CREATE SCHEMA IF NOT EXISTS "{}"'.format(s.replace('"', '""')) for s in sorted(own)]
    for statement in (*beforehand, *quoted):
        connection.execute(text(statement))
    for metadata in several:
        metadata.create_all(connection)
