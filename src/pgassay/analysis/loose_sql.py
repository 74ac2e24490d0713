"""Which SQL files are scripts that somebody runs by hand, and which are something else."""

from __future__ import annotations

import re

from pgassay.analysis.sql_dialect import POSTGRESQL, dialect_of
from pgassay.analysis.sql_effects import changes_rows, defines_schema
from pgassay.analysis.sql_migration_files import SEEDS, UNDOES
from pgassay.facts.location import Location
from pgassay.facts.loose_sql import LeftOutScript, LooseScript
from pgassay.facts.sql_text import SqlText

_ASIDE = {
    "documentation or an example": (
        "doc docs documentation example examples sample samples tutorial tutorials demo demos"
    ),
    "other people's": "vendor third_party",
    "made by a build": "target out",
    "for tests": (
        "test tests testing testdata test_data spec specs __tests__ e2e fixture fixtures mock "
        "mocks benchmark benchmarks"
    ),
}
_FOLDERS = {word: reason for reason, words in _ASIDE.items() for word in words.split()}
_DUMP = re.compile(r"^--\s*(?:Postgre|My)SQL (?:database )?(?:cluster )?dump", re.MULTILINE)
_TEMPLATE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\$\{\w+[^}]*\}|<%.*?%>", re.DOTALL)
_STRINGS = re.compile(
    r"--[^\n]*|/\*.*?\*/|'[^']*(?:''[^']*)*'|(?P<tag>\$(?:[^\W\d]\w*)?\$).*?(?P=tag)", re.DOTALL
)
_PARAMETER = re.compile(r"(?<![\w$])\$\d+\b|%s\b|%\(\w+\)s")
_NAMED_QUERY = re.compile(r"^--\s*name\s*:", re.MULTILINE | re.IGNORECASE)
_SHELL_INPUT = re.compile(
    r"\bpsql\b[^\n]*<<-?[ \t]*(?P<quote>['\"]?)(?P<end>\w+)(?P=quote)[^\n]*\n"
    r"(?P<sql>.*?)^[ \t]*(?P=end)[ \t]*$",
    re.DOTALL | re.MULTILINE,
)
_SHELL_VARIABLE = re.compile(r"\$(?:\w|\{|\()|`")


def aside(path: str) -> str:
    """Why what lies at that path is no part of a deployment, by its folders; "" where it may be."""
    for part in path.lower().split("/")[:-1]:
        if part in _FOLDERS:
            return f"it is {_FOLDERS[part]} ({part}/)"
    return ""


def left_out(text: SqlText) -> str:
    """Why an SQL file that is no migration is not taken for a script; "" where it is."""
    if reason := aside(text.path):
        return reason
    if _DUMP.search(text.sql[:4000]):
        return "it is a dump"
    if SEEDS.search(text.path):
        return "it is seed data"
    if UNDOES.search(text.path):
        return "it undoes something"
    if _TEMPLATE.search(_STRINGS.sub(" ", text.sql)):
        return "it is a template"
    if (dialect := dialect_of(text.path, [text.sql])) != POSTGRESQL:
        return f"it is written for {dialect}"
    if _NAMED_QUERY.search(text.sql) or _PARAMETER.search(_STRINGS.sub(" ", text.sql)):
        return "its statements take parameters"
    if not defines_schema(text.sql) and not changes_rows(text.sql):
        return "it changes nothing"
    return ""


def loose_script(text: SqlText) -> LooseScript | LeftOutScript:
    """An SQL file that is no migration as the script it is, or why it is none."""
    if reason := left_out(text):
        return LeftOutScript(text.path, reason)
    return LooseScript(Location(text.path, 1), text.sql, defines_schema(text.sql))


def shell_scripts(path: str, shell: str) -> tuple[LooseScript | LeftOutScript, ...]:
    """The here-documents that a shell script hands to psql and that change something."""
    found: list[LooseScript | LeftOutScript] = []
    for match in _SHELL_INPUT.finditer(shell):
        sql = match["sql"]
        text = SqlText(path, sql)
        if not defines_schema(sql) and not changes_rows(sql):
            continue
        if not match["quote"] and _SHELL_VARIABLE.search(sql):
            found.append(LeftOutScript(path, "the shell fills in its here-document"))
        elif reason := left_out(text):
            found.append(LeftOutScript(path, reason))
        else:
            line = shell.count("\n", 0, match.start("sql")) + 1
            found.append(LooseScript(Location(path, line), sql, defines_schema(sql)))
    return tuple(found)
