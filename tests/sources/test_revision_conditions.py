"""What a revision file asks before it acts, by its text."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgassay.facts.history import Revision
from pgassay.facts.other_path import Condition
from pgassay.sources.revision_file import read_revision, revision_in

HEAD = "from alembic import context, op\nimport os\nimport sqlalchemy as sa\n"
HEAD += "revision = 'a'\ndown_revision = None\n"
HELPER = "def there(name):\n    return name in sa.inspect(op.get_bind()).get_table_names()\n"
COUNT = "n = op.get_bind().execute(sa.text('SELECT count(*) FROM t')).scalar()\n"
VERSION = "v = op.get_bind().dialect.server_version_info\n"
INSPECTOR = "i = sa.inspect(op.get_bind())\n"


def asks(body: str, before: str = "", after: str = "") -> tuple[Condition, ...]:
    lines = "".join(f"    {line}\n" for line in body.split("\n"))
    text = f"{HEAD}{before}\ndef upgrade():\n{lines}\n{after}\n"
    found = revision_in(text.encode(), "a.py")
    assert isinstance(found, Revision), found
    return found.asks


@pytest.mark.parametrize(
    ("body", "kind", "names"),
    [
        (f"{INSPECTOR}if i.has_table('t'):\n    op.drop_table('t')", "objects", ("t",)),
        (f"{INSPECTOR}if 't' not in i.get_table_names():\n    pass", "objects", ("t",)),
        (
            f"{INSPECTOR}c = [x['name'] for x in i.get_columns('t')]\nif 'a' not in c:\n    pass",
            "objects",
            (),
        ),
        ("if not table_exists('t'):\n    op.create_table('t')", "objects", ("t",)),
        ("if there('t'):\n    return", "objects", ()),
        ("op.create_index('i', 't', ['a'], if_not_exists=True)", "objects", ()),
        ("sa.Enum('a', name='m').create(op.get_bind(), checkfirst=True)", "objects", ()),
        ("op.execute(\"SELECT to_regclass('legacy')\")", "objects", ("legacy",)),
        ("op.execute('ALTER TABLE IF EXISTS legacy RENAME TO t')", "objects", ("legacy",)),
        (
            'op.execute(\'ALTER TABLE IF EXISTS "Old ""Plans" RENAME TO t\')',
            "objects",
            ('Old "Plans',),
        ),
        (
            "op.execute('ALTER TABLE IF EXISTS App.\"Plans\" RENAME TO t')",
            "objects",
            ("app.Plans",),
        ),
        (
            "q = \"SELECT 1 FROM pg_class WHERE relname = 'Old plans'\"\n"
            "if op.execute(q):\n    pass",
            "objects",
            ("Old plans",),
        ),
        ("try:\n    op.drop_table('legacy')\nexcept Exception:\n    pass", "objects", ("legacy",)),
        (
            "with contextlib.suppress(Exception):\n    op.execute('ALTER TABLE t ADD a int')",
            "objects",
            (),
        ),
        (f"{VERSION}if v >= (12,):\n    op.drop_table('t')", "server", ()),
        (
            "n = op.get_bind().scalar(sa.text('SHOW server_version_num'))\n"
            "if int(n) > 120000:\n    return",
            "server",
            (),
        ),
        (f"{COUNT}if n > 0:\n    op.drop_table('t')", "rows", ()),
        (f"{COUNT}if not n:\n    return", "rows", ()),
        ("if os.environ.get('REGION') == 'eu':\n    pass", "environment", ("REGION",)),
        ("if os.getenv('REGION', 'hunter2'):\n    pass", "environment", ("REGION",)),
        ("if 'REGION' in os.environ:\n    pass", "environment", ("REGION",)),
        (
            "x = context.get_x_argument(as_dictionary=True)\nx['tenant']",
            "environment",
            ("-x tenant",),
        ),
    ],
)
def test_what_is_asked(body: str, kind: str, names: tuple[str, ...]) -> None:
    (found,) = asks(body, HELPER)
    assert (found.kind, found.names) == (kind, names)
    assert "hunter2" not in found.what


@pytest.mark.parametrize(
    "body",
    [
        "if op.get_bind().dialect.name == 'postgresql':\n    op.drop_table('t')",
        "if context.is_offline_mode():\n    return",
        "op.execute('DROP TABLE IF EXISTS t')",
        "op.create_table('t')",
        "for row in op.get_bind().execute(sa.text('SELECT 1')):\n    op.execute('SELECT 2')",
        "'Like ALTER TABLE IF EXISTS legacy.'",
        "try:\n    op.drop_table('t')\nexcept Exception as e:\n    raise RuntimeError('no') from e",
        "try:\n    op.drop_table('t')\nfinally:\n    print('done')",
        "try:\n    op.execute('UPDATE t SET a = 1')\nexcept Exception:\n    pass",
        "try:\n    create_engine('x')\nexcept Exception:\n    pass",
        f"{VERSION}if v:\n    print(v)",
        f"{COUNT}if n:\n    print(n)",
        "sa.Enum('a', name='m').create(op.get_bind(), checkfirst=False)",
    ],
)
def test_what_asks_nothing(body: str) -> None:
    assert asks(body, HELPER) == ()


ROWS = "rows = op.get_bind().execute(sa.text('SELECT id FROM t')).fetchall()\n"


@pytest.mark.parametrize(
    ("body", "hangs"),
    [
        (f"{ROWS}for r in rows:\n    op.drop_column('t', 'a')", "schema"),
        (f"{ROWS}for r in rows:\n    op.execute(f'ALTER TABLE t{{r.id}} ADD a int')", "schema"),
        (f"{ROWS}for r in rows:\n    widen(r)", "schema"),
        (f"{ROWS}if rows:\n    op.drop_table('t')", "schema"),
        (f"{ROWS}if not rows:\n    return\nop.drop_table('t')", "schema"),
        (f"{ROWS}if rows:\n    bind.execute(sa.text('DROP TABLE t'))", "schema"),
        (
            "n = op.get_bind().scalar(sa.text('SELECT 1 FROM t WHERE a < current_date'))\n"
            "if n:\n    op.drop_table('t')",
            "schema",
        ),
        (f"{COUNT}while n:\n    op.drop_column('t', f'a{{n}}')", "schema"),
        (
            f"{ROWS}for r in rows:\n    op.execute(f'UPDATE t SET a = 1 WHERE id = {{r.id}}')",
            "rows",
        ),
        (f"{ROWS}for r in rows:\n    op.execute(t.update().where(t.c.id == r.id))", "rows"),
        (f"{ROWS}if rows:\n    op.execute('DELETE FROM t')", "rows"),
        (
            f"{ROWS}if rows:\n    with op.get_context().autocommit_block():\n"
            "        op.execute('DELETE FROM t')",
            "",
        ),
        (f"{ROWS}if rows:\n    op.execute('SELECT 1')", ""),
    ],
)
def test_what_hangs_on_rows(body: str, hangs: str) -> None:
    (found,) = asks(body, "def widen(r):\n    op.alter_column('t', r.name, type_=sa.Text())\n")
    assert (found.kind, found.hangs) == ("rows", hangs)


@pytest.mark.parametrize(
    "body",
    [
        "for name in ('a', 'b'):\n    op.drop_column('t', name)",
        f"{ROWS}for r in rows:\n    print(r)",
        "if int(bind.scalar(sa.text('SHOW server_version_num'))) > 120000:\n"
        "    bind.execute(sa.text('DROP TABLE t'))",
        f"{ROWS}for r in rows:\n    op.execute(f'INSERT INTO u VALUES ({{r.id}})')",
        "for r in op.get_bind().execute(sa.text('SELECT conname FROM pg_constraint')):\n"
        "    op.drop_constraint(r.conname, 't')",
    ],
)
def test_where_nothing_hangs_on_rows(body: str) -> None:
    assert asks(body) == ()


def test_what_only_a_downgrade_asks() -> None:
    helper = (
        "def gone(name):\n    if sa.inspect(op.get_bind()).has_table(name):\n        return 1\n"
    )
    down = "def downgrade():\n    if gone('t'):\n        op.drop_table('t')\n"
    assert asks("pass", helper, down) == ()
    assert len(asks("gone('t')", helper, down)) == 1


def test_the_values_that_an_answer_is_compared_with() -> None:
    (found,) = asks("x = os.environ.get('REGION')\nif x == 'eu' or x in ('us', 'uk'):\n    pass")
    assert found.values == ("eu", "us", "uk")
    assert found.location.line == 8


HELPER_FILE = """
import os
import sqlalchemy as sa
from alembic import op
from app.deeper import wanted

SETTINGS = {"port": os.environ.get("PORT")}
DEBUG = os.environ.get("DEBUG_MIGRATIONS")


def there(name):
    return name in sa.inspect(op.get_bind()).get_table_names()


def make(name):
    if not there(name):
        op.create_table(name)


def of_region(name):
    if wanted():
        make(name)


def say(text):
    print(text, os.environ.get("TERM_OF_LOG"), SETTINGS, DEBUG)


def never():
    if os.environ.get("NEVER"):
        op.drop_table("t")
"""
DEEPER = """
import os


def wanted():
    return True if os.environ.get("REGION") == "eu" else False
"""


@pytest.mark.parametrize(
    ("imported", "body", "expected"),
    [
        (
            "from app.helpers import there",
            "if there('t'):\n        op.drop_table('t')",
            ["a.py objects"],
        ),
        (
            "from app.helpers import there as have",
            "if have('t'):\n        return",
            ["a.py objects"],
        ),
        ("from app.helpers import make", "make('t')", ["app/helpers.py objects"]),
        ("from app import helpers", "helpers.make('t')", ["app/helpers.py objects"]),
        ("import app.helpers as h", "h.make('t')", ["app/helpers.py objects"]),
        (
            "from app.helpers import of_region",
            "of_region('t')",
            ["app/deeper.py environment", "app/helpers.py objects"],
        ),
        ("from app.helpers import say", "say('x')", []),
        ("from app.helpers import make", "pass", []),
        ("from elsewhere import make", "make('t')", []),
        ("from app.broken import make", "make('t')", []),
    ],
)
def test_what_imported_functions_ask(
    tmp_path: Path, imported: str, body: str, expected: list[str]
) -> None:
    for name, text in {"helpers": HELPER_FILE, "deeper": DEEPER, "broken": "def make(:\n"}.items():
        (tmp_path / "app").mkdir(exist_ok=True)
        (tmp_path / "app" / f"{name}.py").write_text(text)
    versions = tmp_path / "alembic" / "versions"
    versions.mkdir(parents=True)
    revision = versions / "a.py"
    revision.write_text(f"{HEAD}{imported}\n\ndef upgrade():\n    {body}\n")
    found = read_revision(revision, "alembic/versions/a.py")
    assert isinstance(found, Revision)
    said = [f"{c.location.path.removeprefix('alembic/versions/')} {c.kind}" for c in found.asks]
    assert said == expected
