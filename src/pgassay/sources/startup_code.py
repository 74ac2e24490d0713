"""What the application's start-up code does to the schema, found by following calls by name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence

from pgassay.analysis.commands.python import called, text_of
from pgassay.facts.entry_point import EntryPoint
from pgassay.facts.location import Location
from pgassay.facts.startup_call import StartupCall
from pgassay.sources.entry_points import of_tests
from pgassay.sources.python_modules import PythonModules

_APPLICATIONS = frozenset(
    ("APIFlask", "FastAPI", "Flask", "Litestar", "Quart", "Sanic", "Starlette")
)
_STARTED_BY = frozenset(("before_first_request", "before_server_start", "before_serving"))
_EVENTS = frozenset(("before_server_start", "main_process_start", "startup"))
# These run a function that they are handed.
_RUNNERS = frozenset(
    ("run", "run_in_executor", "run_in_threadpool", "run_sync", "run_until_complete", "to_thread")
)
# Looking whether a table is there is no switch that somebody turns on for development.
_LOOKING = re.compile(r"\b(has_table|inspect|get_table_names|table_names|exists)\b")
_NOT_DEPLOYED = frozenset(
    ("benchmarks", "demo", "dev", "docs", "example", "examples", "local", "sandbox", "scripts")
)
_DEEPEST = 5

Function = ast.FunctionDef | ast.AsyncFunctionDef


def read_startup_calls(
    modules: PythonModules, entry_points: Sequence[EntryPoint], left_out: Iterable[str]
) -> tuple[StartupCall, ...]:
    """`create_all()` and migrations that run when the application starts: at the top level of its
    module or one that this imports, in its factory, its lifespan or a start-up event.

    What stands behind a switch, such as `if settings.debug:`, is left out, and so are tests,
    scripts, and the files below `left_out`, which are the migrations' own.
    """
    migrations = {(e.location.path, e.location.line): e for e in entry_points}
    skipped = tuple(f"{folder}/" for folder in left_out)
    interesting = [
        p for p in modules.paths("create_all") if not of_tests(p) and not p.startswith(skipped)
    ]
    if not interesting and not any(e.location.path.endswith(".py") for e in entry_points):
        return ()
    at_import = any(_creates_at_top_level(modules.module(p)) for p in interesting)
    found: dict[tuple[str, Location], StartupCall] = {}
    for path in modules.paths(*_APPLICATIONS):
        if not of_tests(path) and not path.startswith(skipped) and not _not_deployed(path):
            for call in _Application(modules, migrations, path).calls(at_import):
                found.setdefault((call.what, call.location), call)
    return tuple(found.values())


def _creates_at_top_level(module: ast.Module | None) -> bool:
    return module is not None and any(
        isinstance(n, ast.Attribute) and _is_create_all(n) for n in _running(module)
    )


def _not_deployed(path: str) -> bool:
    return any(part.removesuffix(".py") in _NOT_DEPLOYED for part in path.split("/"))


class _Application:
    """A module that makes an application."""

    def __init__(
        self,
        modules: PythonModules,
        migrations: dict[tuple[str, int | None], EntryPoint],
        path: str,
    ) -> None:
        self._modules = modules
        self._migrations = migrations
        self._path = path
        self._seen: set[tuple[str, int]] = set()

    def calls(self, at_import: bool) -> Iterator[StartupCall]:
        """`at_import`: whether the top levels of the modules it imports are worth looking at."""
        module = self._modules.module(self._path)
        if module is None:
            return
        for how, path, scope in self._hooks(module):
            hook = Location(path, getattr(scope, "lineno", 1))
            yield from self._within(path, scope, how, hook, 0)
        if at_import and _makes_application(module):
            yield from self._imported()

    def _hooks(self, module: ast.Module) -> Iterator[tuple[str, str, ast.AST]]:
        """(how it is run, file, what is run)."""
        if _makes_application(module):
            yield "the top level of the application's module", self._path, module
        for node in ast.walk(module):
            if isinstance(node, Function):
                if _makes_application(node):
                    yield f"the application factory {node.name}()", self._path, node
                if any(_is_startup(d) for d in node.decorator_list):
                    yield f"the start-up event {node.name}()", self._path, node
            elif isinstance(node, ast.Call):
                for how, given in _handed(node):
                    meant = self._function(self._path, given)
                    if meant is not None:
                        yield f"{how} {meant[1].name}()", *meant

    def _imported(self) -> Iterator[StartupCall]:
        """The top levels of the modules that the application's imports."""
        queue, seen = [self._path], {self._path}
        while queue:
            for path in self._modules.imports(queue.pop()):
                if path not in seen and not of_tests(path):
                    seen.add(path)
                    queue.append(path)
                    top = self._modules.module(path)
                    if top is not None:
                        how = f"the import of {path} by the application"
                        yield from self._within(path, top, how, Location(path, 1), _DEEPEST)

    def _within(
        self, path: str, scope: ast.AST, how: str, hook: Location, depth: int
    ) -> Iterator[StartupCall]:
        key = (path, getattr(scope, "lineno", 0))
        if key in self._seen or depth > _DEEPEST:
            return
        self._seen.add(key)
        locked = "advisory" in self._modules.text(path) and "advisory" in ast.unparse(scope)
        for node in _running(scope):
            here = Location(path, getattr(node, "lineno", None))
            if isinstance(node, ast.Attribute) and _is_create_all(node):
                if not _is_for_sqlite(self._modules.text(path)):
                    yield StartupCall("create_all", here, how, hook, locked)
            elif isinstance(node, ast.Call):
                entry = self._migrations.get((path, node.lineno))
                if entry is not None:
                    yield StartupCall("migrate", here, how, hook, locked or entry.locked)
                handed = node.args if called(node) in _RUNNERS else []
                for given in (node.func, *handed):
                    meant = self._function(path, given)
                    if meant is not None:
                        yield from self._within(meant[0], meant[1], how, hook, depth + 1)

    def _function(self, path: str, given: ast.expr) -> tuple[str, Function] | None:
        if isinstance(given, ast.Call):
            return None
        meant = self._modules.meant(path, given)
        named = self._modules.names(path)
        if meant is None and isinstance(given, ast.Name) and given.id not in named:
            # A function within a function.
            module = self._modules.module(path)
            nested = (
                n
                for n in ast.walk(module or ast.Module([], []))
                if isinstance(n, Function) and n.name == given.id
            )
            found = next(nested, None)
            return (path, found) if found is not None else None
        if meant is not None and isinstance(meant[1], Function):
            return meant[0], meant[1]
        return None


def _makes_application(scope: ast.AST) -> bool:
    """Whether an application is made in this very scope."""
    return any(isinstance(n, ast.Call) and called(n) in _APPLICATIONS for n in _running(scope))


def _is_startup(decorator: ast.expr) -> bool:
    """`@app.on_event("startup")`, `@app.before_serving`, `@app.listener("before_server_start")`."""
    if isinstance(decorator, ast.Attribute):
        return decorator.attr in _STARTED_BY
    if not isinstance(decorator, ast.Call):
        return False
    name = called(decorator)
    event = text_of(decorator.args[0]) if decorator.args else None
    return name in _STARTED_BY or (name in ("listener", "on_event") and event in _EVENTS)


def _handed(call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    """Functions that an application is given to run when it starts."""
    if called(call) in _APPLICATIONS:
        for keyword in call.keywords:
            if keyword.arg == "lifespan":
                yield "the lifespan", keyword.value
            elif keyword.arg == "on_startup" and isinstance(keyword.value, ast.List | ast.Tuple):
                for item in keyword.value.elts:
                    yield "the start-up event", item
    elif called(call) == "add_event_handler" and len(call.args) == 2:
        event, given = call.args
        if text_of(event) in _EVENTS:
            yield "the start-up event", given


def _running(scope: ast.AST) -> Iterator[ast.AST]:
    """What runs when `scope` runs: not its functions and classes, nor what a switch decides."""
    body = getattr(scope, "body", None)
    if isinstance(scope, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef) and body:
        yield from _statements(body)


def _statements(body: Sequence[ast.stmt]) -> Iterator[ast.AST]:
    for statement in body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if isinstance(statement, ast.If) and not _LOOKING.search(ast.unparse(statement.test)):
            yield from ast.walk(statement.test)
            if isinstance(statement.body[-1], ast.Return | ast.Raise | ast.Continue):
                return
            continue
        blocks = [
            b
            for b in (getattr(statement, n, None) for n in ("body", "orelse", "finalbody"))
            if isinstance(b, list)
        ]
        if not blocks:
            yield from ast.walk(statement)
            continue
        for name, value in ast.iter_fields(statement):
            if name not in ("body", "orelse", "finalbody", "handlers"):
                for node in value if isinstance(value, list) else [value]:
                    if isinstance(node, ast.AST):
                        yield from ast.walk(node)
        for block in blocks:
            yield from _statements(block)


def _is_create_all(node: ast.Attribute) -> bool:
    if node.attr != "create_all":
        return False
    owner = node.value
    name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
    return name == "db" or "meta" in name.lower()


def _is_for_sqlite(text: str) -> bool:
    return "sqlite" in text and "postgres" not in text
