"""Writing into a model's file what the schema has and the model lacks."""

from __future__ import annotations

import ast
import keyword
import re
from collections.abc import Sequence

from pgassay.analysis.imported_names import ImportedNames
from pgassay.analysis.model_declaration import declaration
from pgassay.analysis.python_imports import line_width
from pgassay.facts.catalog import Column, SchemaObject

_CALL = re.compile(r"\b(sa|postgresql)\.(\w+)(\(\))?")
_QUOTED = re.compile(r"(?<!\")'([^'\"\\]*)'(?!\")")
_MODULES = {"sa": "sqlalchemy", "postgresql": "sqlalchemy.dialects.postgresql"}
_PYTHON = {
    "BigInteger": "int",
    "Boolean": "bool",
    "Date": "datetime.date",
    "DateTime": "datetime.datetime",
    "Float": "float",
    "Integer": "int",
    "Numeric": "decimal.Decimal",
    "SmallInteger": "int",
    "String": "str",
    "Text": "str",
    "Time": "datetime.time",
    "UUID": "uuid.UUID",
}


def model_with(text: str, table: str, lacking: Sequence[SchemaObject]) -> str:
    """The text with `lacking` declared in the class of the table, in the manner of that class; what
    has no plain form is left out. As it was where no class in it is the table's, or it computes
    its `__table_args__`."""
    found = _class(text, table)
    if found is None:
        return text
    for thing in lacking:
        written = declaration(thing)
        if written is None:
            continue
        if isinstance(thing, Column):
            text = _with_column(text, table, thing, written)
        else:
            text = _with_argument(text, table, written)
    return text


def with_model(text: str, table: str) -> str:
    """The text with an empty class for the table after its others, with the base of the first; as
    it was where it has none."""
    first = next((n for n in ast.parse(text).body if _is_model(n)), None)
    if not isinstance(first, ast.ClassDef) or not first.bases:
        return text
    name = "".join(part.capitalize() for part in re.split(r"\W|_", table))
    quote = '"' if text.count('"') > text.count("'") else "'"
    base = ast.unparse(first.bases[0])
    return (
        text.rstrip("\n")
        + f"\n\n\nclass {name}({base}):\n    __tablename__ = {quote}{table}{quote}\n"
    )


class _Names(ImportedNames):
    """How a text names what is SQLAlchemy's."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._double = text.count('"') > text.count("'")

    def short(self, written: str) -> str:
        """`sa.Text()` as this text would write it: `Text`, and remembered for import."""

        def name(match: re.Match[str]) -> str:
            own = self.written(_MODULES[match[1]], match[2])
            return f"{own}{match[3] or ''}" if "." in own else own

        named = _CALL.sub(name, written)
        return _QUOTED.sub(r'"\1"', named) if self._double else named


def _with_column(text: str, table: str, column: Column, written: str) -> str:
    model = _class(text, table)
    assert model is not None
    names = _Names(text)
    columns = [n for n in model.body if _is_column(n)]
    manner = columns or ast.parse(text).body
    mapped = any(isinstance(n, ast.AnnAssign) or "mapped_column" in ast.unparse(n) for n in manner)
    own = re.sub(r"\W", "_", column.name)
    if keyword.iskeyword(own) or own in ("metadata", "registry"):
        own += "_"
    arguments = _arguments(written)
    if own == column.name:
        arguments = arguments[1:]
    annotation = _annotation(names, text, model, column, arguments[0]) if mapped else ""
    if annotation:
        arguments = [a for a in arguments if not a.startswith("nullable=")]
    kind = names.written("sqlalchemy.orm", "mapped_column") if mapped else "sa.Column"
    call = names.short(f"{kind}({', '.join(arguments)})")
    line = f"    {own}{annotation} = {call}\n"
    if len(line) > line_width(text):
        inner = call[call.index("(") + 1 : -1]
        line = f"    {own}{annotation} = {call[: call.index('(')]}(\n        {inner}\n    )\n"
    last = columns[-1] if columns else model.body[-1]
    line = line if columns else f"\n{line}"
    lines = text.splitlines(keepends=True)
    lines.insert(last.end_lineno or last.lineno, line)
    return names.imports("".join(lines))


def _with_argument(text: str, table: str, written: str) -> str:
    """In `__table_args__`."""
    model = _class(text, table)
    assert model is not None
    names = _Names(text)
    call = names.short(written)
    given = next((n for n in model.body if _assigned(n) == "__table_args__"), None)
    lines = text.splitlines(keepends=True)
    if given is None:
        named = next(n for n in model.body if _assigned(n) == "__tablename__")
        lines.insert(named.end_lineno or named.lineno, _table_arguments([call], line_width(text)))
        return names.imports("".join(lines))
    value: ast.expr | None = getattr(given, "value", None)
    elements = value.elts if isinstance(value, ast.Tuple) else [value] if value else []
    if any(not isinstance(e, ast.Call | ast.Dict) for e in elements):
        return text
    told = [e for e in elements if isinstance(e, ast.Call)]
    if isinstance(value, ast.Tuple) and told and told[-1].lineno != given.lineno:
        last = told[-1]
        end = last.end_lineno or last.lineno
        rest = lines[end - 1][last.end_col_offset or 0 :].lstrip(",")
        lines[end - 1] = lines[end - 1][: last.end_col_offset] + f",\n        {call},{rest}"
        return names.imports("".join(lines))
    shown = [ast.get_source_segment(text, e) or "" for e in elements]
    at = len(told)
    calls = [*shown[:at], call, *shown[at:]]
    lines[given.lineno - 1 : given.end_lineno] = [_table_arguments(calls, line_width(text))]
    return names.imports("".join(lines))


def _table_arguments(calls: Sequence[str], width: int) -> str:
    line = f"    __table_args__ = ({', '.join(calls)}{',' * (len(calls) == 1)})\n"
    if len(line) <= width:
        return line
    return "    __table_args__ = (\n" + "".join(f"        {call},\n" for call in calls) + "    )\n"


def _annotation(
    names: ImportedNames, text: str, model: ast.ClassDef, column: Column, written: str
) -> str:
    """`: Mapped[str | None]` where the text can say it with what it imports, else ""."""
    found = re.match(r"(?:sa|postgresql)\.(\w+)", written)
    python = _PYTHON.get(found[1], "") if found else ""
    module, _, last = python.rpartition(".")
    name = names.known(module, last) if module else python
    mapped = names.known("sqlalchemy.orm", "Mapped")
    if not name or not mapped or name in {_assigned(n) for n in model.body}:
        return ""
    if column.not_null:
        return f": {mapped}[{name}]"
    if "| None" in text:
        return f": {mapped}[{name} | None]"
    optional = names.known("typing", "Optional")
    return f": {mapped}[{optional}[{name}]]" if optional else ""


def _arguments(written: str) -> list[str]:
    call = ast.parse(written, mode="eval").body
    assert isinstance(call, ast.Call)
    segments = [*call.args, *call.keywords]
    return [ast.get_source_segment(written, node) or ast.unparse(node) for node in segments]


def _class(text: str, table: str) -> ast.ClassDef | None:
    classes = (n for n in ast.parse(text).body if isinstance(n, ast.ClassDef))
    return next((n for n in classes if _table_of(n) == table), None)


def _is_model(node: ast.stmt) -> bool:
    return isinstance(node, ast.ClassDef) and bool(_table_of(node))


def _table_of(model: ast.ClassDef) -> str:
    for node in model.body:
        value = getattr(node, "value", None)
        if _assigned(node) == "__tablename__" and isinstance(value, ast.Constant):
            return str(value.value)
    return ""


def _assigned(node: ast.stmt) -> str:
    target = node.target if isinstance(node, ast.AnnAssign) else None
    if isinstance(node, ast.Assign):
        target = node.targets[0]  # type: ignore[assignment]
    return target.id if isinstance(target, ast.Name) else ""


def _is_column(node: ast.stmt) -> bool:
    value = getattr(node, "value", None)
    if isinstance(node, ast.AnnAssign) and value is None:
        return "Mapped" in ast.unparse(node.annotation)
    if not _assigned(node) or not isinstance(value, ast.Call):
        return False
    return ast.unparse(value.func).rpartition(".")[2] in ("Column", "mapped_column")
