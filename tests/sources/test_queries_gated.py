"""Queries hold only what the server's version knows."""

from __future__ import annotations

import re

import pytest

from pgassay.sources.catalog_kinds import QUERIES
from pgassay.sources.queries import gated, query

# Columns and catalogs, and the first version that has them (PostgreSQL's release notes).
NEWER = {
    "attcompression": 14,
    "prosqlbody": 14,
    "typsubscript": 14,
    "rngmultitypid": 14,
    "subbinary": 14,
    "datlocprovider": 15,
    "datcollversion": 15,
    "pg_publication_namespace": 15,
    "prattrs": 15,
    "prqual": 15,
    "subtwophasestate": 15,
    "collicurules": 16,
    "daticurules": 16,
    "suborigin": 16,
    "colllocale": 17,
    "datlocale": 17,
    "subfailover": 17,
    "conenforced": 18,
    "pubgencols": 18,
}
GONE = {"colliculocale": 16, "daticulocale": 16}


def test_a_line_is_for_its_versions() -> None:
    text = "a\nb --@15+\nc --@14-\nd --@15+ --@16-\n"
    lines = {major: gated(text, major).split("\n")[:-1] for major in (13, 15, 17)}
    assert [[line[0] for line in of] for of in lines.values()] == [
        ["a", "c"],
        ["a", "b", "d"],
        ["a", "b"],
    ]
    assert len(gated(text, None).splitlines()) == 4


@pytest.mark.parametrize("major", range(13, 19))
def test_no_query_asks_for_what_the_version_lacks(major: int) -> None:
    text = "\n".join(
        query(f"catalog/{name}", major).decode()
        for name in [of.sql for of in QUERIES] + ["fingerprint", "server", "schemas", "grants"]
    )
    words = set(re.findall(r"\w+", re.sub("--.*", "", text)))
    asked = {word for word in {**NEWER, **GONE} if word in words}
    assert asked == {w for w, since in NEWER.items() if since <= major} | {
        w for w, until in GONE.items() if 15 <= major <= until
    }


@pytest.mark.parametrize("major", range(13, 19))
@pytest.mark.parametrize("name", [of.sql for of in QUERIES])
def test_every_column_is_there_once(name: str, major: int) -> None:
    """A gate that leaves a field out, or has it twice, would go unseen until that server."""
    text = re.sub("--.*", "", query(f"catalog/{name}", major).decode())
    # The last newline of the list has no comma: where a gated line ended it, there would be one.
    assert not re.search(r",\s*\bFROM\b", text)
    assert not re.search(r"\bAS \w+\s+[\w']+(\.\w+)? AS ", text)
