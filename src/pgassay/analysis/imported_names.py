"""How a module's text names what it imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pgassay.analysis.python_imports import imported, importing


class ImportedNames:
    """`sa.Numeric`, `sqlalchemy.Numeric`, `Numeric` or `Num`, as the text has it. What it has to
    import for a name is remembered."""

    def __init__(self, text: str) -> None:
        self._module = ast.parse(text)
        self._targets = imported(text)
        self._names = {target: name for name, target in self._targets.items()}
        self._all_of = {
            node.module
            for node in self._module.body
            if isinstance(node, ast.ImportFrom) and not node.level and node.names[0].name == "*"
        }
        self._lacking: set[tuple[str, str]] = set()

    def known(self, module: str, name: str) -> str:
        """How the text says it with what it imports; "" where it cannot."""
        if own := self._names.get(f"{module}.{name}"):
            return own
        if prefix := self._names.get(module):
            return f"{prefix}.{name}"
        return name if self._all_of == {module} and self.is_free(name, module) else ""

    def written(self, module: str, name: str) -> str:
        """How the text says it, if need be with one import more."""
        if known := self.known(module, name):
            return known
        self._lacking.add((module, name))
        return name

    def meant(self, node: ast.expr) -> str:
        """What a name stands for: `sqlalchemy.Float` for `sa.Float`; "" where no import tells."""
        if isinstance(node, ast.Attribute):
            above = self.meant(node.value)
            return f"{above}.{node.attr}" if above else ""
        if not isinstance(node, ast.Name):
            return ""
        if target := self._targets.get(node.id):
            return target
        if any(name.startswith(f"{node.id}.") for name in self._targets):
            return node.id  # `import sqlalchemy.orm` makes `sqlalchemy` known.
        # Of several it might be any's.
        star = next(iter(self._all_of)) if len(self._all_of) == 1 else None
        return f"{star}.{node.id}" if star and self.is_free(node.id, star) else ""

    def is_free(self, name: str, module: str) -> bool:
        """Whether the text gives the name to nothing else than what the module calls so."""
        return name not in set(_bound(self._module, module))

    def imports(self, text: str) -> str:
        """A text with what had to be imported."""
        for module, name in sorted(self._lacking):
            text = importing(text, module, [name])
        return text


def _bound(tree: ast.Module, but_from: str) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()):
                yield name
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                yield name
            case ast.AsyncFunctionDef(name=name) | ast.arg(arg=name):
                yield name
            case ast.Import():
                yield from ((a.asname or a.name).partition(".")[0] for a in node.names)
            case ast.ImportFrom() if node.module != but_from or node.level:
                yield from (a.asname or a.name for a in node.names)
            case ast.ImportFrom():
                yield from (a.asname for a in node.names if a.asname)
