"""Writes env.py in the ways that projects do, each taking the URL from the environment."""

from __future__ import annotations

STYLES = (
    "engine_from_config",
    "async_from_config",
    "settings",
    "get_main_option",
    "async_settings",
    "psycopg3",
)
ASYNC = ("async_from_config", "async_settings")

_SYNC_FROM_CONFIG = """\
def run_migrations_online() -> None:
    connectable = engine_from_config(
        config.get_section(config.config_ini_section, {}),
        prefix="sqlalchemy.",
        poolclass=pool.NullPool,
    )
    with connectable.connect() as connection:
        run(connection)
"""
_SYNC_URL = """\
def run_migrations_online() -> None:
    engine = create_engine(url, poolclass=pool.NullPool)
    with engine.begin() as connection:
        run(connection)
"""
_ASYNC_FROM_CONFIG = """\
async def run_async_migrations() -> None:
    connectable = async_engine_from_config(
        config.get_section(config.config_ini_section, {}),
        prefix="sqlalchemy.",
        poolclass=pool.NullPool,
    )
    async with connectable.connect() as connection:
        await connection.run_sync(run)
    await connectable.dispose()


def run_migrations_online() -> None:
    asyncio.run(run_async_migrations())
"""
_ASYNC_URL = """\
async def main() -> None:
    engine = create_async_engine(url, poolclass=pool.NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(run)
        await connection.commit()
    await engine.dispose()


def run_migrations_online() -> None:
    asyncio.run(main())
"""


def env_text(
    style: str,
    *,
    variable: str,
    settings: str,
    metadata: str,
    version_table: str = "",
    schema: str = "",
    path: str = "",
    ignore_variable: bool = False,
) -> str:
    """`settings` is the module with `database_url`; `metadata` an import of it, "" for none;
    `path` goes before sys.path; with `ignore_variable` only the ini's URL is read."""
    imports = [
        "import os",
        "from logging.config import fileConfig",
        "",
        "from alembic import context",
    ]
    if path:
        imports[:0] = ["import sys", "from pathlib import Path"]
    if style in ASYNC:
        imports.insert(0, "import asyncio")
        imports.append("from sqlalchemy import pool, text")
        imports.append(
            "from sqlalchemy.ext.asyncio import async_engine_from_config, create_async_engine"
        )
    else:
        imports.append("from sqlalchemy import create_engine, engine_from_config, pool, text")
    lines = [*imports, ""]
    if path:
        lines += [f"sys.path.insert(0, str({path}))", ""]
    if metadata:
        lines += [f"{metadata}  # noqa: E402", ""]
    lines += ["config = context.config"]
    if style != "settings":
        lines += [
            "if config.config_file_name is not None:",
            "    fileConfig(config.config_file_name)",
        ]
    lines += _url_lines(style, variable, settings, ignore_variable=ignore_variable)
    lines += [f"target_metadata = {'metadata' if metadata else 'None'}", "", ""]
    lines += _run_lines(version_table, schema, style)
    from_config = style in ("engine_from_config", "async_from_config", "get_main_option")
    if from_config or ignore_variable:
        online = _ASYNC_FROM_CONFIG if style in ASYNC else _SYNC_FROM_CONFIG
    else:
        online = _ASYNC_URL if style in ASYNC else _SYNC_URL
    lines += ["", "", online, ""]
    lines += [
        "def run_migrations_offline() -> None:",
        '    context.configure(dialect_name="postgresql", target_metadata=target_metadata)',
        "    with context.begin_transaction():",
        "        context.run_migrations()",
        "",
        "",
        "if context.is_offline_mode():",
        "    run_migrations_offline()",
        "else:",
        "    run_migrations_online()",
    ]
    return "\n".join(lines) + "\n"


def _url_lines(style: str, variable: str, settings: str, *, ignore_variable: bool) -> list[str]:
    if ignore_variable:
        return []
    into_config = 'config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))'
    if style == "engine_from_config":
        return [f'url = os.environ["{variable}"]', into_config]
    if style == "async_from_config":
        return [
            f'url = os.environ["{variable}"].replace("postgresql://", "postgresql+asyncpg://")',
            into_config,
        ]
    if style == "get_main_option":
        return [
            f'url = os.getenv("{variable}") or config.get_main_option("sqlalchemy.url")',
            into_config,
        ]
    if style == "psycopg3":
        return [
            "from sqlalchemy.engine import make_url",
            f'url = make_url(os.environ["{variable}"]).set(drivername="postgresql+psycopg")',
        ]
    return [f"from {settings} import settings", "url = settings.database_url"]


def _run_lines(version_table: str, schema: str, style: str) -> list[str]:
    options = ["connection=connection", "target_metadata=target_metadata", "compare_type=True"]
    if version_table:
        options.append(f'version_table="{version_table}"')
    lines = ["def run(connection):"]
    if schema:
        options += [f'version_table_schema="{schema}"', "include_schemas=True"]
        lines.append(f"    connection.execute(text('CREATE SCHEMA IF NOT EXISTS \"{schema}\"'))")
        if style not in ("settings", "psycopg3"):
            lines.append("    connection.commit()")
    lines.append(f"    context.configure({', '.join(options)})")
    lines += ["    with context.begin_transaction():", "        context.run_migrations()"]
    return lines
