"""The database URL that Alembic gets where the ini names no PostgreSQL database."""

from __future__ import annotations

import re
from importlib.machinery import PathFinder
from typing import Any

DRIVERS = ("psycopg2", "psycopg", "pg8000")
"""Drivers that are not asynchronous, the likeliest first; each is a module of that name."""


def put_stand_in(config: Any, url: str) -> str:
    """Give Alembic `url` where the ini has none, or one of another dialect, which is returned as
    it is written; "" for none. A URL whose `%(user)s` env.py has yet to fill in stays."""
    written = _written(config)
    other = "" if _is_postgresql(written) else written
    if other or not written.strip("\"' "):
        config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return other


def installed(url: str, *, sync: bool = False) -> str:
    """`url` with a driver that this interpreter has, where it names none and SQLAlchemy's own
    choice is missing (psycopg2; psycopg since 2.1); with `sync`, also where it names one that
    cannot be used without asyncio."""
    scheme, _, rest = url.partition("://")
    driver = scheme.partition("+")[2] or _usual()
    if driver in DRIVERS and (_is_there(driver) or "+" in scheme):
        return url
    if not sync and "+" in scheme:
        return url
    found = next((d for d in DRIVERS if _is_there(d)), "")
    return f"postgresql+{found}://{rest}" if found else url


def _written(config: Any) -> str:
    from configparser import InterpolationError

    try:
        return config.get_main_option("sqlalchemy.url") or ""
    except InterpolationError:
        section = config.config_ini_section
        return str(config.file_config.get(section, "sqlalchemy.url", raw=True))


def _is_postgresql(url: str) -> bool:
    """Also what does not say: it may begin with an option that env.py fills in."""
    scheme = re.match(r"\s*([a-z][a-z0-9]*)(\+\w+)?://", url, re.IGNORECASE)
    return scheme is None or scheme.group(1) in ("postgresql", "postgres")


def _usual() -> str:
    import sqlalchemy

    major, minor = (int(n) for n in sqlalchemy.__version__.split(".")[:2])
    return "psycopg" if (major, minor) >= (2, 1) else "psycopg2"


def _is_there(driver: str) -> bool:
    """Asked past sys.meta_path, where the guards wait for the driver to be imported."""
    return PathFinder.find_spec(driver) is not None
