"""Letting an env.py take its database from the variable that the project sets."""

from __future__ import annotations

import ast

_SETS = """
# Written by `pgassay history consolidate`: the database is the one that {variable} names, and
# without it there is none. The driver is that of this file; the application may use another.
{config}.set_main_option(
    "sqlalchemy.url",
    make_url(os.environ["{variable}"])
    .set(drivername="{scheme}")
    .render_as_string(hide_password=False)
    .replace("%", "%%"),
)
"""


def env_with_url(text: str, variable: str, scheme: str) -> str:
    """env.py's text with `sqlalchemy.url` set from the variable; as it was where it does not keep
    `context.config` in a name. `scheme` is the URL scheme whose driver env.py works with, such as
    "postgresql+psycopg"."""
    body = ast.parse(text).body
    config = next((n for n in body if isinstance(n, ast.Assign) and _is_config(n.value)), None)
    if config is None or not isinstance(config.targets[0], ast.Name):
        return text
    name = config.targets[0].id
    insertions = {
        config.end_lineno or config.lineno: _SETS.format(
            variable=variable, config=name, scheme=scheme
        )
    }
    imports = [n for n in body if isinstance(n, ast.Import | ast.ImportFrom) and not _future(n)]
    if imports and not any(_imports(n, "os") for n in imports):
        insertions[imports[0].lineno - 1] = "import os\n"
    if not any(_imports(n, "make_url") for n in imports):
        ours = [n for n in imports if _module(n).split(".")[0] == "sqlalchemy"]
        last = (ours or imports)[-1]
        insertions[last.end_lineno or last.lineno] = "from sqlalchemy.engine import make_url\n"
    lines = text.splitlines(keepends=True)
    for place in sorted(insertions, reverse=True):
        lines.insert(place, insertions[place])
    return "".join(lines)


def _is_config(value: ast.expr) -> bool:
    return ast.unparse(value) in ("context.config", "alembic.context.config")


def _future(node: ast.Import | ast.ImportFrom) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"


def _imports(node: ast.Import | ast.ImportFrom, name: str) -> bool:
    return any((a.asname or a.name) == name for a in node.names)


def _module(node: ast.Import | ast.ImportFrom) -> str:
    return (node.module or "") if isinstance(node, ast.ImportFrom) else node.names[0].name
