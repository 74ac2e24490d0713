"""Letting an env.py take its database from the variable that the project sets."""

from __future__ import annotations

import ast

from pgassay.analysis.python_imports import imported, importing

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
    lines = text.splitlines(keepends=True)
    place = config.end_lineno or config.lineno
    lines.insert(place, _SETS.format(variable=variable, config=name, scheme=scheme))
    if imported(text).get("os") != "os":
        first = next(
            n for n in body if isinstance(n, ast.Import | ast.ImportFrom) and not _is_future(n)
        )
        lines.insert(first.lineno - 1, "import os\n")
    return importing("".join(lines), "sqlalchemy.engine", ["make_url"])


def _is_config(value: ast.expr) -> bool:
    return ast.unparse(value) in ("context.config", "alembic.context.config")


def _is_future(node: ast.Import | ast.ImportFrom) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__"
