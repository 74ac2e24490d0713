"""What a revision file asks before it acts, read without executing it.

It is enough to say where to look; that another answer gives another schema is for the server to
show (`sources/other_paths.py`).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Literal

from pgassay.analysis.asked_relations import relations_asked
from pgassay.analysis.url_text import masked_url
from pgassay.facts.location import Location
from pgassay.facts.other_path import AsksFor, Condition
from pgassay.sources.guarded_operations import changes_rows, changes_schema, passed_by

_MARKS = (
    *(b"environ", b"getenv", b"get_x_argument", b"if", b"IF ", b"checkfirst", b"regclass"),
    *(b"except", b"suppress", b"for ", b"while "),
)
_CATALOG = re.compile(
    r"inspect|has_(table|column|index|constraint|sequence|schema)"
    r"|get_(table|view|sequence|schema|materialized_view)_names|get_columns|get_indexes|get_enums"
    r"|get_(foreign_keys|unique_constraints|check_constraints|pk_constraint)|\w*_?exists?(_\w+)?"
)
_NAMES = re.compile(r"get_(table|view|sequence|materialized_view)_names")
_FLAGS = ("checkfirst", "if_not_exists")
_ROWS = ("execute", "scalar", "scalars", "exec_driver_sql", "query")
_OF_CATALOG = re.compile(
    r"\bpg_\w+|\binformation_schema\b|\bto_reg\w+|\bcurrent_(?:schemas?|database|setting|user)\b",
    re.IGNORECASE,
)
# Of a server, and of SQLAlchemy's dialect; what they say follows from the server alone.
_VERSION = re.compile(r"\w*server_version\w*|_get_server_version_info")
_VERSION_SQL = re.compile(r"\b(?:server_version(?:_num)?\b|version\s*\(\s*\))", re.IGNORECASE)
_OF_TABLE = re.compile(r"(?:drop|rename)_table|(?:add|alter|drop)_column")


def conditions_in(
    module: ast.Module,
    source: bytes,
    shown: str,
    imported: Sequence[tuple[str, ast.stmt]] = (),
) -> tuple[Condition, ...]:
    """The conditions of what an upgrade runs, in the order of their lines. `imported` are functions
    of the project's that the file imports, by the file that has them."""
    if not imported and not any(mark in source for mark in _MARKS):
        return ()
    reader = _Reader(_run_by_upgrade(module, imported), shown, imported)
    found = sorted(reader.found(), key=lambda c: (c.location.path != shown, c.location.line or 0))
    return tuple(dict.fromkeys(found))


def _run_by_upgrade(module: ast.Module, imported: Sequence[tuple[str, ast.stmt]]) -> list[ast.stmt]:
    """What stands at module level, `upgrade()`, and the functions that these name."""
    others = [n for _, n in imported]
    functions = {n.name: n for n in others if isinstance(n, ast.FunctionDef)}
    functions |= {n.name: n for n in module.body if isinstance(n, ast.FunctionDef)}
    waiting: list[ast.stmt] = [n for n in module.body if not isinstance(n, ast.FunctionDef)]
    if "upgrade" in functions:
        waiting.append(functions.pop("upgrade"))
    body: list[ast.stmt] = []
    while waiting:
        body.append(waiting.pop(0))
        named = {_called_as(n) for n in ast.walk(body[-1])} & functions.keys()
        waiting += [functions.pop(name) for name in sorted(named)]
    if any(n in body for n in others):
        body += [n for n in others if isinstance(n, ast.Assign)]
    return body


class _Reader:
    def __init__(
        self, body: list[ast.stmt], shown: str, imported: Sequence[tuple[str, ast.stmt]]
    ) -> None:
        self.files = {id(n): file for file, other in imported for n in ast.walk(other)}
        self.nodes = [n for statement in body for n in ast.walk(statement)]
        self.remarks = {id(n.value) for n in self.nodes if isinstance(n, ast.Expr)}
        self.shown = shown
        self.functions = {n.name: n for n in self.nodes if isinstance(n, ast.FunctionDef)}
        self.assigned: dict[str, list[ast.expr]] = {}
        for node in self.nodes:
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        self.assigned.setdefault(target.id, []).append(node.value)

    def found(self) -> Iterator[Condition]:
        for node in self.nodes:
            variable = self._variable(node)
            if variable and (id(node) not in self.files or self._decides(node)):
                yield self._condition("environment", node, (variable,), self._compared(node))
            elif isinstance(node, ast.If | ast.IfExp):
                yield from self._decided(node)
            elif isinstance(node, ast.For | ast.While):
                yield from self._repeated(node)
            elif isinstance(node, ast.Try | ast.With) and (guarded := passed_by(node)):
                yield self._guarded(node, guarded)
            elif isinstance(node, ast.Call) and _is_flagged(node):
                yield self._condition("objects", node)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                named = tuple(relations_asked(node.value))
                if named and id(node) not in self.remarks:
                    yield self._condition("objects", node, named)

    def _decided(self, node: ast.If | ast.IfExp) -> Iterator[Condition]:
        """What the test of an `if` asks the database, where something is done for it."""
        asked = list(self._leads_to(node.test))
        catalog = [c for c in asked if _CATALOG.fullmatch(_called(c))]
        names = [n for call in asked for n in _relations(call)]
        if any(_NAMES.fullmatch(_called(c)) for c in catalog) and isinstance(
            node.test, ast.Compare
        ):
            names += _texts([node.test.left])
        if catalog:
            yield self._condition("objects", node.test, tuple(dict.fromkeys(names)))
        elif self._asks_version(node.test, asked):
            if _acts(node):
                yield self._condition("server", node.test)
        elif any(_called(c) in _ROWS for c in asked):
            hangs = self._hangs(node, asked)
            if hangs or _acts(node):
                yield replace(self._condition("rows", node.test), hangs=hangs)

    def _repeated(self, node: ast.For | ast.While) -> Iterator[Condition]:
        """A loop over rows, where something hangs on them."""
        over = node.iter if isinstance(node, ast.For) else node.test
        asked = list(self._leads_to(over))
        if any(_called(c) in _ROWS for c in asked) and (hangs := self._hangs(node, asked)):
            yield replace(self._condition("rows", over), hangs=hangs, in_a_loop=True)

    def _hangs(
        self, node: ast.If | ast.IfExp | ast.For | ast.While, asked: Sequence[ast.Call]
    ) -> Literal["", "schema", "rows"]:
        """What is changed only where the rows that are asked for are there."""
        within = [n for call in asked if _called(call) in _ROWS for n in ast.walk(call)]
        within += [n for w in within for v in self.assigned.get(_name(w), ()) for n in ast.walk(v)]
        if any(_OF_CATALOG.search(text) for text in _texts(within)):
            return ""
        head = node.iter if isinstance(node, ast.For) else node.test
        parts: list[ast.AST] = [p for p in ast.iter_child_nodes(node) if p is not head]
        ends = [n for p in parts for n in ast.walk(p) if isinstance(n, ast.Return)]
        if any(end.value is None for end in ends):
            # What comes after is what hangs on it.
            parts += [n for n in self.nodes if getattr(n, "lineno", 0) > node.lineno]
        calls: list[ast.Call] = []
        seen: set[str] = set()
        while parts:
            for found in ast.walk(parts.pop()):
                if isinstance(found, ast.Call):
                    calls.append(found)
                    name = _called(found)
                    if name in self.functions and name not in seen:
                        seen.add(name)
                        parts.append(self.functions[name])
        if any(changes_schema(call) for call in calls):
            return "schema"
        # Each with a commit of its own is what is to be done.
        if any(_called(c) in ("autocommit_block", "commit") for c in calls):
            return ""
        return "rows" if any(changes_rows(call) for call in calls) else ""

    def _asks_version(self, test: ast.expr, asked: list[ast.Call]) -> bool:
        sources = [test, *asked]
        sources += [v for n in ast.walk(test) for v in self.assigned.get(_name(n), ())]
        within = [n for source in sources for n in ast.walk(source)]
        sql = [t for call in asked if _called(call) in _ROWS for t in _texts(ast.walk(call))]
        return any(_VERSION.fullmatch(_called_as(n)) for n in within) or any(
            _VERSION_SQL.search(text) for text in sql
        )

    def _guarded(self, node: ast.Try | ast.With, calls: list[ast.Call]) -> Condition:
        names = [
            name
            for call in calls
            if _OF_TABLE.fullmatch(_called(call)) and _of_op(call)
            for name in _texts(call.args[:1])
        ]
        first = " ".join(ast.unparse(calls[0]).split())[:50]
        passed = "except" if isinstance(node, ast.Try) else "suppress"
        found = self._condition("objects", calls[0], tuple(dict.fromkeys(names)))
        return replace(found, what=masked_url(f"{passed} around {first}"))

    def _leads_to(self, test: ast.expr) -> Iterator[ast.Call]:
        """The calls that the value of `test` comes from: through names and this file's functions,
        as deep as they go."""
        waiting: list[ast.AST] = [test]
        seen: set[str] = set()
        while waiting:
            for node in ast.walk(waiting.pop()):
                if isinstance(node, ast.Call):
                    yield node
                name = _called(node) if isinstance(node, ast.Call) else _name(node)
                if name and name not in seen:
                    seen.add(name)
                    waiting += self.assigned.get(name, [])
                    if name in self.functions:
                        waiting.append(self.functions[name])

    def _variable(self, node: ast.AST) -> str:
        """The environment variable that is read, or "-x NAME"; "" for none."""
        if isinstance(node, ast.Subscript):
            return self._key(node.value, [node.slice])
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn):
            return self._key(node.comparators[0], [node.left])
        if isinstance(node, ast.Call):
            if _called(node) == "getenv":
                return next(_texts(node.args[:1]), "")
            if isinstance(node.func, ast.Attribute) and node.func.attr == "get":
                return self._key(node.func.value, node.args[:1])
        return ""

    def _key(self, mapping: ast.expr, key: list[ast.expr]) -> str:
        name = next(_texts(key), "")
        if name and _ends(mapping, "environ"):
            return name
        values = [mapping, *self.assigned.get(_name(mapping), [])]
        is_argument = any(_called(v) == "get_x_argument" for v in values)
        return f"-x {name}" if name and is_argument else ""

    def _decides(self, read: ast.AST) -> bool:
        """Whether something hangs on what is read. Imported functions read much that only settles
        how to connect or what to log."""
        names = {n for n, values in self.assigned.items() if any(read is v for v in values)}
        tests = [n.test for n in self.nodes if isinstance(n, ast.If | ast.IfExp)]
        within = [n for test in tests for n in ast.walk(test)]
        return any(n is read or _name(n) in names for n in within)

    def _compared(self, read: ast.AST) -> tuple[str, ...]:
        """The texts that what was read is compared with, there or by its name."""
        names = {n for n, values in self.assigned.items() if any(read is v for v in values)}
        values: list[str] = []
        for node in self.nodes:
            if isinstance(node, ast.Compare) and node is not read:
                within = list(ast.walk(node))
                inside = set(ast.walk(read)) if read in within else set()
                if inside or any(_name(n) in names for n in within):
                    values += _texts(n for n in within if n not in inside)
        return tuple(dict.fromkeys(values))

    def _condition(
        self,
        kind: AsksFor,
        node: ast.AST,
        names: tuple[str, ...] = (),
        values: tuple[str, ...] = (),
    ) -> Condition:
        what = ast.unparse(node) if not isinstance(node, ast.Constant) else str(node.value)
        if kind == "environment":
            # Not as it is written: a default may be a secret.
            what = names[0] if names[0].startswith("-x ") else f"os.environ[{names[0]!r}]"
        place = Location(self.files.get(id(node), self.shown), getattr(node, "lineno", None))
        return Condition(kind, masked_url(" ".join(what.split()))[:80], place, names, values)


def _called(node: ast.AST) -> str:
    function = node.func if isinstance(node, ast.Call) else None
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _of_op(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and _name(call.func.value) == "op"


def _called_as(node: ast.AST) -> str:
    """The last word of a name, as `exists` of `tables.exists`."""
    return node.attr if isinstance(node, ast.Attribute) else _name(node)


def _is_flagged(call: ast.Call) -> bool:
    return any(
        k.arg in _FLAGS and isinstance(k.value, ast.Constant) and k.value.value is True
        for k in call.keywords
    )


def _relations(call: ast.Call) -> Iterator[str]:
    """The relation that `has_table("users")` or `table_exists(bind, "users")` names."""
    if re.fullmatch(r"has_table|\w*exists?(_\w+)?", _called(call)):
        yield from _texts(call.args[:2])


def _texts(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _acts(node: ast.If | ast.IfExp) -> bool:
    """Whether an operation, or an early end, hangs on it."""
    within = [
        n for part in ast.iter_child_nodes(node) if part is not node.test for n in ast.walk(part)
    ]
    return any(
        isinstance(n, ast.Return)
        or (isinstance(n, ast.Attribute) and _name(n.value) in ("op", "batch_op"))
        for n in within
    )


def _ends(node: ast.expr, name: str) -> bool:
    return (isinstance(node, ast.Attribute) and node.attr == name) or _name(node) == name
