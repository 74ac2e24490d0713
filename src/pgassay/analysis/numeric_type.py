"""`Numeric(p, s)` in the place of a type of SQLAlchemy's, in the words of the text it is in."""

from __future__ import annotations

import ast

from pgassay.analysis.imported_names import ImportedNames
from pgassay.analysis.python_calls import is_written_out, keyword
from pgassay.analysis.text_edits import Places, TextEdit

_EXACT = frozenset(("NUMERIC", "Numeric"))
_SIZED = _EXACT | {"DECIMAL"}
_OTHERS = frozenset(("DOUBLE", "DOUBLE_PRECISION", "Double", "FLOAT", "Float", "MONEY", "REAL"))
_GENERIC = ("sqlalchemy", "sqlalchemy.types")
_POSTGRESQL = "sqlalchemy.dialects.postgresql"
_ARGUMENTS = ("precision", "scale", "decimal_return_scale", "asdecimal")


class NotPlain(Exception):
    """A text says it in a way that only people can change."""


class NumericType:
    """`replaced` are the (module, name) of types that were imported and are written no more."""

    def __init__(self, text: str, names: ImportedNames, wanted: tuple[int, int]) -> None:
        self._text = text
        self._places = Places(text)
        self._names = names
        self._wanted = wanted
        self.replaced: set[tuple[str, str]] = set()

    def instead(self, node: ast.expr) -> list[TextEdit]:
        """Of a number's type, or within an ARRAY; nothing where it is the wanted one already.
        Raises NotPlain."""
        of = node.func if isinstance(node, ast.Call) else node
        module, name = self._meant(of)
        if name == "ARRAY" and isinstance(node, ast.Call):
            item = node.args[0] if node.args else keyword(node, "item_type")
            if item is None:
                raise NotPlain
            return self.instead(item)
        if name not in _SIZED | _OTHERS or not is_written_out(node):
            raise NotPlain
        is_right = name in _SIZED and self._is_right(node)
        if is_right and name in _EXACT:
            return []
        if name in _EXACT:
            numeric = self._places.segment(of)
        elif isinstance(of, ast.Attribute):
            beside = "NUMERIC" if module == _POSTGRESQL else "Numeric"
            numeric = f"{self._places.segment(of.value)}.{beside}"
        else:
            numeric = self._name(module)
            self.replaced.add((module, name))
        start, end = self._places.start(node), self._places.end(node)
        return [TextEdit(start, end, f"{numeric}{self._wanted}")]

    def written(self) -> str:
        """Where there was none. Raises NotPlain."""
        return f"{self._name('sqlalchemy')}{self._wanted}"

    def _is_right(self, node: ast.expr) -> bool:
        """What a text computes the precision from, a constant for many columns perhaps, is not ours
        to take out."""
        given: dict[str, ast.expr] = {}
        if isinstance(node, ast.Call):
            given = dict(zip(_ARGUMENTS, node.args, strict=False))
            given |= {k.arg: k.value for k in node.keywords if k.arg}
        size = [given[name] for name in ("precision", "scale") if name in given]
        if any(not isinstance(n, ast.Constant) for n in size):
            raise NotPlain
        numbers = tuple(n.value for n in size if isinstance(n, ast.Constant))
        return numbers == self._wanted and "asdecimal" not in given

    def _meant(self, of: ast.expr) -> tuple[str, str]:
        """The module and name of a type of SQLAlchemy's."""
        module, _, name = self._names.meant(of).rpartition(".")
        if module in (*_GENERIC, _POSTGRESQL):
            return module, name
        if isinstance(of, ast.Attribute) and self._is_flask(of.value):
            return "sqlalchemy", of.attr
        raise NotPlain

    def _is_flask(self, node: ast.expr) -> bool:
        """Whether it is Flask-SQLAlchemy's object, which has all names of SQLAlchemy's: its models
        are made from `db.Model`."""
        model = f"{ast.unparse(node)}.Model"
        named = (n for n in ast.walk(ast.parse(self._text)) if isinstance(n, ast.Attribute))
        return any(n.attr == "Model" and ast.unparse(n) == model for n in named)

    def _name(self, module: str) -> str:
        """As the text imports it, else from where the former type comes."""
        home = module if module in _GENERIC else "sqlalchemy"
        known = (self._names.known(m, "Numeric") for m in (home, *_GENERIC))
        return next(filter(None, known), "") or new_name(self._names, home, "Numeric")


def new_name(names: ImportedNames, module: str, name: str) -> str:
    """How a text says a name, imported if need be. Raises NotPlain where it means another thing."""
    if not names.known(module, name) and not names.is_free(name, module):
        raise NotPlain
    return names.written(module, name)
