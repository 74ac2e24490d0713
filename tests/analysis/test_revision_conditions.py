"""Which statements ask before they act."""

from __future__ import annotations

import pytest

from pgassay.analysis.revision_conditions import revision_conditions
from pgassay.facts.history import Build, History, Revision, Statement
from pgassay.facts.location import Location


@pytest.mark.parametrize(
    ("sql", "asks"),
    [
        # It goes on or is an error: no other schema comes of it.
        (
            "DO $$\nBEGIN\n  IF NOT EXISTS (SELECT FROM t) THEN\n"
            "    RAISE EXCEPTION USING MESSAGE = 'no; it''s empty';\n  END IF;\nEND\n$$;",
            False,
        ),
        ("DO $$ BEGIN IF true THEN RAISE EXCEPTION 'x'; CREATE TABLE t (); END IF; END $$", True),
        ("DO $$ BEGIN IF true THEN RAISE NOTICE 'x'; END IF; END $$", True),
        (
            "DO $$ BEGIN IF a THEN CREATE TABLE t (); END IF; IF b THEN RAISE EXCEPTION 'x'; "
            "END IF; END $$",
            True,
        ),
        (
            "DO $$ BEGIN IF a THEN RAISE EXCEPTION 'x'; ELSE CREATE TABLE t (); END IF; END $$",
            True,
        ),
    ],
)
def test_a_block_that_only_stops_asks_for_no_other_path(sql: str, asks: bool) -> None:
    revision = Revision("r", (), Location("r.py", 1))
    history = History("h", "/h", (), (revision,))
    build = Build("h", statements=(Statement("r", sql),))
    assert bool(revision_conditions(history, build)) is asks
