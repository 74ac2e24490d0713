"""How a fix is cut into prose and commands, and how evidence is shown."""

from __future__ import annotations

import pytest

from pgassay.render.advice import Block, blocks, evidence_lines
from pgassay.render.plain import clean, name, one_line


@pytest.mark.parametrize(
    ("fix", "expected"),
    [
        ("Do this.\nThen that.", [Block("prose", "Do this. Then that.")]),
        ("One.\n\nTwo.", [Block("prose", "One."), Block("prose", "Two.")]),
        (
            "Run this:\npgassay check",
            [Block("prose", "Run this:"), Block("code", "pgassay check")],
        ),
        ("$ make it", [Block("code", "make it")]),
        ("    indented --code", [Block("code", "indented --code")]),
        (
            "ALTER TABLE t\n    ALTER c TYPE numeric(12,2)\n    USING c::numeric;",
            [Block("code", "ALTER TABLE t\n    ALTER c TYPE numeric(12,2)\n    USING c::numeric;")],
        ),
        (
            "Like so:\n```python\nx = 1\n\ny = 2\n```\nDone.",
            [
                Block("prose", "Like so:"),
                Block("code", "x = 1\n\ny = 2"),
                Block("prose", "Done."),
            ],
        ),
        (
            "1. First\n   and more.\n2. Second.",
            [Block("item", "1. First and more."), Block("item", "2. Second.")],
        ),
        ("alembic and migrations disagree.", [Block("prose", "alembic and migrations disagree.")]),
        ("", []),
    ],
)
def test_blocks(fix: str, expected: list[Block]) -> None:
    assert list(blocks(fix)) == expected


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("pgassay check", "bash"),
        ("ALTER TABLE t ...;", "sql"),
        ("x = Numeric(12, 2)", ""),
        ("op.execute()", "python"),
    ],
)
def test_language(code: str, language: str) -> None:
    assert Block("code", code).language == language


def test_evidence() -> None:
    assert evidence_lines(
        {
            "count": 3,
            "names": ["a", "b"],
            "none": [],
            "error": "first\nsecond",
            "deep": {"a": [1]},
            "on": True,
            "gone": None,
        }
    ) == [
        "count: 3",
        "names: a, b",
        "none: none",
        "error:",
        "  first",
        "  second",
        'deep: {"a": [1]}',
        "on: true",
        "gone: null",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1bc\x07\r", "\\x1bc\\x07\\r"),
        ("a\r\nb\tc", "a\nb    c"),
        ("\u202e\u200b\u2028", "\\u202e\\u200b\\u2028"),
        ("\ud800", "\\ud800"),
        ("Größe 表 🎈", "Größe 表 🎈"),
    ],
)
def test_clean(text: str, expected: str) -> None:
    assert clean(text) == expected


def test_lines_and_names() -> None:
    assert one_line(" a\n  b\t c ") == "a b c"
    assert name("a\nb  c") == "a\\nb  c"
