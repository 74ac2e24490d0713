"""The project's Python files as modules: what a name in one of them means, followed by text."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path

from pgassay.sources.project_files import relative

Definition = tuple[str, ast.AST]
"""The file, and the class, function or assignment in it."""

_DEEPEST = 8


class PythonModules:
    """Nothing is executed; files are parsed when first asked for."""

    def __init__(self, root: Path, files: Sequence[Path]) -> None:
        self._files = {relative(p, root): p for p in files if p.suffix == ".py"}
        self._texts: dict[str, str] = {}
        self._modules: dict[str, ast.Module | None] = {}
        self._named: dict[str, dict[str, ast.AST]] = {}
        self._ending: dict[str, list[str]] = {}
        for path in self._files:
            name = path.removesuffix(".py").removesuffix("/__init__")
            self._ending.setdefault(name.rpartition("/")[2], []).append(path)

    def paths(self, *words: str) -> Iterator[str]:
        """The files whose text has one of the words, in the order given."""
        for path in self._files:
            text = self.text(path)
            if any(word in text for word in words):
                yield path

    def text(self, path: str) -> str:
        """The text; "" of what cannot be read."""
        if path not in self._texts:
            try:
                self._texts[path] = self._files[path].read_text("utf-8-sig")
            except (KeyError, OSError, UnicodeDecodeError):
                self._texts[path] = ""
        return self._texts[path]

    def module(self, path: str) -> ast.Module | None:
        """None for a file that is no Python."""
        if path not in self._modules:
            try:
                self._modules[path] = ast.parse(self.text(path))
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                self._modules[path] = None
        return self._modules[path]

    def names(self, path: str) -> dict[str, ast.AST]:
        """What each name of the module is bound to at its top level, or by an import anywhere."""
        if path not in self._named:
            module = self.module(path)
            named: dict[str, ast.AST] = {}
            for node in ast.walk(module) if module is not None else ():
                if isinstance(node, ast.Import | ast.ImportFrom):
                    for alias in node.names:
                        name = alias.asname or alias.name.partition(".")[0]
                        named.setdefault(name, node)
            for statement in module.body if module is not None else ():
                if isinstance(statement, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                    named[statement.name] = statement
                elif isinstance(statement, ast.Assign | ast.AnnAssign):
                    targets = (
                        statement.targets
                        if isinstance(statement, ast.Assign)
                        else [statement.target]
                    )
                    named |= {t.id: statement for t in targets if isinstance(t, ast.Name)}
            self._named[path] = named
        return self._named[path]

    def defined(self, path: str, name: str, depth: int = 0) -> Definition | None:
        """Where what `name` means in `path` is written; None for what is not the project's."""
        node = self.names(path).get(name)
        if isinstance(node, ast.ImportFrom) and depth < _DEEPEST:
            original = next((a.name for a in node.names if (a.asname or a.name) == name), name)
            target = self.imported(path, node.module or "", node.level)
            found = self.defined(target, original, depth + 1) if target else None
            if found is None:
                inner = f"{node.module}.{original}" if node.module else original
                whole = self.imported(path, inner, node.level)
                module = self.module(whole) if whole else None
                return (whole, module) if whole and module is not None else None
            return found
        if isinstance(node, ast.Import):
            dotted = next((a.name for a in node.names if (a.asname or a.name) == name), name)
            whole = self.imported(path, dotted, 0)
            module = self.module(whole) if whole else None
            return (whole, module) if whole and module is not None else None
        return None if node is None or isinstance(node, ast.ImportFrom) else (path, node)

    def meant(self, path: str, expression: ast.expr) -> Definition | None:
        """Where what `name` or `module.name` means is written."""
        if isinstance(expression, ast.Name):
            return self.defined(path, expression.id)
        if isinstance(expression, ast.Attribute):
            owner = self.meant(path, expression.value)
            if owner is not None and isinstance(owner[1], ast.Module):
                return self.defined(owner[0], expression.attr)
        return None

    def outside(self, path: str, name: str) -> str:
        """The package that a name is imported from; "" where it is no import."""
        node = self.names(path).get(name)
        if isinstance(node, ast.ImportFrom) and not node.level:
            return (node.module or "").partition(".")[0]
        return name if isinstance(node, ast.Import) else ""

    def imports(self, path: str) -> Iterator[str]:
        """The project's files that `path` imports at its top level."""
        module = self.module(path)
        for node in module.body if module is not None else ():
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    inner = f"{node.module}.{alias.name}" if node.module else alias.name
                    found = self.imported(path, inner, node.level)
                    found = found or self.imported(path, node.module or "", node.level)
                    if found:
                        yield found
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    if found := self.imported(path, alias.name, 0):
                        yield found

    def imported(self, path: str, dotted: str, level: int) -> str | None:
        """The file of the module `dotted`, as `path` imports it; None for other people's."""
        parts = [p for p in dotted.split(".") if p]
        if level:
            folder = path.split("/")[:-level]
            whole = "/".join([*folder, *parts])
            return next((c for c in _files_of(whole) if c in self._files), None)
        if not parts:
            return None
        end = "/".join(parts)
        found = [
            p
            for p in self._ending.get(parts[-1], ())
            if any(p == c or p.endswith(f"/{c}") for c in _files_of(end))
        ]
        # Of several, the one that shares most of the importing file's path.
        return max(found, key=lambda p: (_shared(p, path), -len(p)), default=None)


def _files_of(module: str) -> tuple[str, str]:
    return (f"{module}.py", f"{module}/__init__.py")


def _shared(one: str, other: str) -> int:
    count = 0
    for first, second in zip(one.split("/"), other.split("/"), strict=False):
        if first != second:
            break
        count += 1
    return count
