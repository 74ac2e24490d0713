"""Python texts: calls of alembic.command, and commands that are started."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from pgassay.analysis.commands.migration_call import Given, MigrationCall, Surroundings
from pgassay.analysis.commands.migration_tool import ACTIONS, UNKNOWN, migration_call

_STARTING = frozenset(
    (
        "Popen",
        "call",
        "check_call",
        "check_output",
        "create_subprocess_exec",
        "create_subprocess_shell",
        "popen",
        "run",
        "run_always",
        "system",
    )
)


def python_calls(text: str, first_line: int, around: Surroundings) -> list[MigrationCall]:
    """The migrations that a Python text runs; none where it is not Python."""
    try:
        module = ast.parse(textwrap.dedent(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    found = _Module(module, around).calls()
    return [replace(c, line=c.line + first_line - 1) for c in found]


@dataclass(slots=True)
class _Configured:
    """What is known of an Alembic `Config` object."""

    ini: str | None = ""
    exact: bool = True
    section: str | None = ""
    script_directory: str | None = ""
    sets_url: bool = False


@dataclass(slots=True)
class _Module:
    module: ast.Module
    around: Surroundings
    commands: set[str] = field(default_factory=set)
    functions: dict[str, ast.AST] = field(default_factory=dict)
    direct: dict[str, str] = field(default_factory=dict)

    def calls(self) -> list[MigrationCall]:
        for node in ast.walk(self.module):
            if isinstance(node, ast.ImportFrom) and node.module == "alembic":
                self.commands |= {a.asname or a.name for a in node.names if a.name == "command"}
            elif isinstance(node, ast.ImportFrom) and node.module == "alembic.command":
                self.direct |= {a.asname or a.name: a.name for a in node.names}
            elif isinstance(node, ast.Import):
                named = {a.asname or a.name for a in node.names if a.name == "alembic.command"}
                self.commands |= named
        for node in ast.walk(self.module):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                self.functions.setdefault(node.name, node)
        return list(self._within(self.module, ""))

    def _within(self, scope: ast.AST, function: str) -> Iterator[MigrationCall]:
        for node in walk_scope(scope):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield from self._within(node, node.name)
            elif isinstance(node, ast.ClassDef):
                yield from self._within(node, function)
            elif isinstance(node, ast.Call) and (call := self._call(node, scope)):
                yield replace(call, function=function, locked=_locked(scope))

    def _call(self, node: ast.Call, scope: ast.AST) -> MigrationCall | None:
        name = called(node)
        prefix = _dotted(node.func.value) if isinstance(node.func, ast.Attribute) else ""
        action = name if prefix in self.commands else self.direct.get(name, "") * (not prefix)
        if action in ACTIONS and not _is_offline(node):
            known = self._configured(node.args[0], scope) if node.args else _Configured(None)
            target = node.args[1] if len(node.args) > 1 else None
            return MigrationCall(
                line=node.lineno,
                command=ast.unparse(node)[:200],
                tool="alembic",
                action=action,
                target=text_of(target) or "",
                ini=known.ini,
                exact=known.exact,
                section=known.section,
                script_directory=known.script_directory,
                sets_url=known.sets_url,
                around=self.around,
            )
        if prefix in ("alembic.config", "alembic") and name == "main":
            return self._started(["alembic", *_words(node)], node)
        return self._started(_words(node), node) if name in _STARTING else None

    def _started(self, words: Sequence[str], node: ast.Call) -> MigrationCall | None:
        if len(words) == 1:
            words = words[0].split()
        options = {k.arg: k.value for k in node.keywords if k.arg}
        around = self.around
        if "cwd" in options:
            around = replace(around, folder=text_of(options["cwd"]))
        if isinstance(given := options.get("env"), ast.Dict):
            own = tuple(
                Given(key.value, text_of(value) or "", value.lineno, alone=True)
                for key, value in zip(given.keys, given.values, strict=True)
                if isinstance(key, ast.Constant) and isinstance(key.value, str)
            )
            around = replace(around, variables=(*around.variables, *own), open=True)
        shown = " ".join(w for w in words if w != UNKNOWN)
        return migration_call(words, node.lineno, shown, around)

    def _configured(self, given: ast.expr, scope: ast.AST, depth: int = 0) -> _Configured:
        """What the `Config` handed to a command says, where it is made nearby."""
        if isinstance(given, ast.Call) and called(given) == "Config":
            return _made(given)
        if isinstance(given, ast.Call) and depth < 2:
            maker = self.functions.get(called(given))
            return self._returned(maker, depth + 1) if maker is not None else _Configured(None)
        if not isinstance(given, ast.Name):
            return _Configured(None)
        found: _Configured | None = None
        for place in (scope, self.module):
            for node in walk_scope(place):
                if isinstance(node, ast.Assign | ast.AnnAssign) and _binds(node, given.id):
                    if node.value is not None:
                        found = self._configured(node.value, place, depth + 1)
                elif found is not None and isinstance(node, ast.Call):
                    _set_option(found, node, given.id)
            if found is not None:
                return found
        return _Configured(None)

    def _returned(self, maker: ast.AST, depth: int) -> _Configured:
        for node in walk_scope(maker):
            if isinstance(node, ast.Return) and node.value is not None:
                return self._configured(node.value, maker, depth)
        return _Configured(None)


def walk_scope(scope: ast.AST) -> Iterator[ast.AST]:
    """Everything below `scope` in the order of the text, without going into its functions and
    classes, which are given themselves."""
    for child in ast.iter_child_nodes(scope):
        yield child
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield from walk_scope(child)


def called(call: ast.Call) -> str:
    """The last name of what is called: `run` of `subprocess.run(...)`."""
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def text_of(node: ast.expr | None) -> str | None:
    """A text that is written out; None for anything else."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def _binds(node: ast.Assign | ast.AnnAssign, name: str) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return any(isinstance(t, ast.Name) and t.id == name for t in targets)


def _made(config: ast.Call) -> _Configured:
    options = {k.arg: k.value for k in config.keywords if k.arg}
    given = config.args[0] if config.args else options.get("file_")
    section = options.get("ini_section")
    known = _Configured(section=text_of(section) if section is not None else "")
    if given is None:
        known.ini = None
        return known
    known.ini = text_of(given)
    if known.ini is None:
        known.ini, known.exact = _last_text(given), False
    return known


def _set_option(known: _Configured, call: ast.Call, name: str) -> None:
    if not isinstance(call.func, ast.Attribute) or _dotted(call.func.value) != name:
        return
    if call.func.attr == "set_main_option" and len(call.args) == 2:
        option, value = text_of(call.args[0]), call.args[1]
        if option == "script_location":
            written = text_of(value)
            known.script_directory = written if written is not None else _last_text(value)
            known.exact = known.exact and written is not None
        elif option == "sqlalchemy.url":
            known.sets_url = True


def _last_text(node: ast.expr) -> str | None:
    """The end of a computed path: `alembic.ini` of `str(ROOT / "alembic.ini")`."""
    texts = [text_of(n) for n in ast.walk(node) if isinstance(n, ast.Constant)]
    return next((t for t in reversed(texts) if t), None)


def _words(call: ast.Call) -> list[str]:
    """The words of a started command; computed ones are UNKNOWN."""
    given = call.args[0] if call.args else None
    items: Sequence[ast.expr] = call.args
    if isinstance(given, ast.List | ast.Tuple):
        items = given.elts
    elif given is None:
        argv = next((k.value for k in call.keywords if k.arg in ("argv", "args")), None)
        items = argv.elts if isinstance(argv, ast.List | ast.Tuple) else []
    return [UNKNOWN if (t := text_of(item)) is None else t for item in items]


def _is_offline(call: ast.Call) -> bool:
    return any(
        k.arg == "sql" and isinstance(k.value, ast.Constant) and k.value.value is True
        for k in call.keywords
    )


def _locked(scope: ast.AST) -> bool:
    """Whether the code around takes an advisory lock, so that only one runs at a time."""
    return any(
        isinstance(n, ast.Constant) and isinstance(n.value, str) and "advisory" in n.value
        for n in ast.walk(scope)
    )
