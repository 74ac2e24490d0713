"""The stand-in's driver is one that the project's interpreter has."""

from __future__ import annotations

import pytest

from pgassay.probe.child import stand_in


@pytest.mark.parametrize(
    ("url", "sync", "usual", "has", "expected"),
    [
        ("postgresql://h/d", False, "psycopg2", {"psycopg2"}, "postgresql://h/d"),
        ("postgresql://h/d", False, "psycopg", {"psycopg2"}, "postgresql+psycopg2://h/d"),
        ("postgresql://h/d", False, "psycopg2", {"pg8000"}, "postgresql+pg8000://h/d"),
        ("postgresql://h/d", False, "psycopg", set(), "postgresql://h/d"),
        ("postgresql+psycopg2://h/d", False, "psycopg", {"psycopg"}, "postgresql+psycopg2://h/d"),
        ("postgresql+asyncpg://h/d", False, "psycopg", {"psycopg"}, "postgresql+asyncpg://h/d"),
        ("postgresql+asyncpg://h/d", True, "psycopg", {"psycopg"}, "postgresql+psycopg://h/d"),
    ],
)
def test_a_driver_that_is_there(
    monkeypatch: pytest.MonkeyPatch,
    url: str,
    sync: bool,
    usual: str,
    has: set[str],
    expected: str,
) -> None:
    monkeypatch.setattr(stand_in, "_usual", lambda: usual)
    monkeypatch.setattr(stand_in, "_is_there", lambda driver: driver in has)
    assert stand_in.installed(url, sync=sync) == expected
