"""Rewriting a money column of a model: `Numeric(p, s)` for its type, `Decimal` for its Python."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from pgassay.analysis.commands.python import called, text_of
from pgassay.analysis.imported_names import ImportedNames
from pgassay.analysis.model_columns import WrittenColumn, written_columns
from pgassay.analysis.money_in_code.annotations import leaves, mapped, name_of, type_names
from pgassay.analysis.python_calls import with_arguments, wrapped
from pgassay.analysis.python_imports import line_width, without_import
from pgassay.analysis.text_edits import Places, TextEdit, edited

_EXACT = frozenset(("NUMERIC", "Numeric"))
_OTHERS = frozenset(
    ("DECIMAL", "DOUBLE", "DOUBLE_PRECISION", "Double", "FLOAT", "Float", "MONEY", "REAL")
)
_GENERIC = ("sqlalchemy", "sqlalchemy.types")
_POSTGRESQL = "sqlalchemy.dialects.postgresql"
_OF_NUMERIC = ("precision", "scale", "decimal_return_scale", "asdecimal")
# What may stand first in a column's arguments where no type does.
_NO_TYPES = frozenset(
    ("CheckConstraint", "Computed", "FetchedValue", "ForeignKey", "Identity", "Sequence")
)
_PYTHON_DEFAULTS = frozenset(("default", "insert_default", "onupdate"))
_FLOAT = re.compile(r"(?<![\w.])float\b")


class _NotPlain(Exception):
    """The column is written in a way that only people can change."""


def retyped_model(text: str, line: int, column: str, wanted: tuple[int, int]) -> str:
    """The text of a model's file in which the column written at `line` is Numeric(p, s) and
    Decimal; as it was where that has no plain form, or no such column is there.

    A new import moves the lines below it: of several columns in one file the lowest comes first,
    or each is looked up again.
    """
    found = _column(text, line, column)
    if found is None:
        return text
    try:
        return _Retyping(text, wanted).of(found)
    except _NotPlain:
        return text


def _column(text: str, line: int, column: str) -> WrittenColumn | None:
    try:
        found = written_columns(ast.parse(text))
        return next((c for c in found if c.node.lineno == line and c.column == column), None)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


class _Retyping:
    def __init__(self, text: str, wanted: tuple[int, int]) -> None:
        self._text = text
        self._wanted = wanted
        self._places = Places(text)
        self._names = ImportedNames(text)
        self._edits: list[TextEdit] = []
        self._replaced: set[tuple[str, str]] = set()

    def of(self, found: WrittenColumn) -> str:
        match found.node:
            case ast.Call() as call:
                self._declared(call, None)
            case ast.Assign(value=ast.Call() as call):
                self._declared(call, None)
            case ast.AnnAssign() as statement:
                self._annotated(statement, of_sqlmodel=found.of_sqlmodel)
        text = edited(self._text, self._edits)
        if again := _column(text, found.node.lineno, found.column):
            text = wrapped(text, again.node, line_width(self._text))
        # Before the others come in, so that the line grows no longer than it has to.
        for module, name in self._replaced:
            text = without_import(text, module, name, keep_statement=True)
        text = self._names.imports(text)
        for module, name in self._replaced:
            text = without_import(text, module, name)
        return text

    def _annotated(self, statement: ast.AnnAssign, *, of_sqlmodel: bool) -> None:
        value, within = statement.value, mapped(statement.annotation)
        if isinstance(value, ast.Call) and called(value) in ("Column", "mapped_column"):
            self._declared(value, within)
        elif of_sqlmodel and within is None:
            self._field(statement)
        elif value is None and within is not None:
            _expect_number(within)
            called_so = self._imported("sqlalchemy.orm", "mapped_column")
            end = self._places.end(statement)
            self._replace(end, end, f" = {called_so}({self._numeric()})")
        else:
            raise _NotPlain
        self._annotation(statement.annotation)

    def _declared(self, call: ast.Call, within: ast.expr | None) -> None:
        """A call of `Column` or `mapped_column`; `within` is what its `Mapped[]` holds."""
        at = 1 if call.args and text_of(call.args[0]) is not None else 0
        type_ = _keyword(call, "type_")
        if type_ is None and len(call.args) > at and not _is_no_type(call.args[at]):
            type_ = call.args[at]
        if type_ is not None:
            self._type(type_)
        elif within is None or not _is_written_out(call):
            raise _NotPlain
        else:
            _expect_number(within)
            self._edits += with_arguments(self._places, call, at, [self._numeric()])
        for keyword in call.keywords:
            if keyword.arg in _PYTHON_DEFAULTS:
                self._number(keyword.value)

    def _type(self, node: ast.expr) -> None:
        of = node.func if isinstance(node, ast.Call) else node
        module, name = self._meant(of)
        if name == "ARRAY" and isinstance(node, ast.Call):
            item = node.args[0] if node.args else _keyword(node, "item_type")
            if item is None:
                raise _NotPlain
            self._type(item)
            return
        if name not in _EXACT | _OTHERS or not _is_written_out(node):
            raise _NotPlain
        if self._is_right(node, name):
            return
        if name in _EXACT:
            numeric = self._places.segment(of)
        elif isinstance(of, ast.Attribute):
            beside = "NUMERIC" if module == _POSTGRESQL else "Numeric"
            numeric = f"{self._places.segment(of.value)}.{beside}"
        else:
            numeric = self._name_of_numeric(module)
            self._replaced.add((module, name))
        start, end = self._places.start(node), self._places.end(node)
        self._replace(start, end, f"{numeric}{self._wanted}")

    def _is_right(self, node: ast.expr, name: str) -> bool:
        """Whether a type is the wanted one. What it computes its precision from, a constant for
        many columns perhaps, is not ours to take out."""
        if name not in _EXACT and name != "DECIMAL":
            return False
        given: dict[str, ast.expr] = {}
        if isinstance(node, ast.Call):
            given = dict(zip(_OF_NUMERIC, node.args, strict=False))
            given |= {k.arg: k.value for k in node.keywords if k.arg}
        size = [given.get("precision"), given.get("scale")]
        if any(n is not None and not isinstance(n, ast.Constant) for n in size):
            raise _NotPlain
        numbers = tuple(n.value for n in size if isinstance(n, ast.Constant))
        return name in _EXACT and numbers == self._wanted and "asdecimal" not in given

    def _meant(self, of: ast.expr) -> tuple[str, str]:
        """The module and name of a type of SQLAlchemy's."""
        module, _, name = self._names.meant(of).rpartition(".")
        if module in (*_GENERIC, _POSTGRESQL):
            return module, name
        if isinstance(of, ast.Attribute) and self._is_flask(of.value):
            return "sqlalchemy", of.attr
        raise _NotPlain

    def _is_flask(self, node: ast.expr) -> bool:
        """Whether it is Flask-SQLAlchemy's object, which has all names of SQLAlchemy's: its models
        are made from `db.Model`."""
        model = f"{ast.unparse(node)}.Model"
        named = (n for n in ast.walk(ast.parse(self._text)) if isinstance(n, ast.Attribute))
        return any(n.attr == "Model" and ast.unparse(n) == model for n in named)

    def _field(self, statement: ast.AnnAssign) -> None:
        """Of a SQLModel."""
        value = statement.value
        if value is None or _is_literal(value):
            _expect_number(statement.annotation)
            called_so = self._imported("sqlmodel", "Field")
            digits = ", ".join(self._digits(("max_digits", "decimal_places")))
            if value is None:
                end = self._places.end(statement)
                self._replace(end, end, f" = {called_so}({digits})")
            else:
                start, end = self._places.start(value), self._places.end(value)
                self._replace(start, start, f"{called_so}(default=")
                self._number(value)
                self._replace(end, end, f", {digits})")
            return
        if not isinstance(value, ast.Call) or called(value) != "Field":
            raise _NotPlain
        column, type_ = _keyword(value, "sa_column"), _keyword(value, "sa_type")
        if isinstance(column, ast.Call) and called(column) == "Column":
            self._declared(column, None)
        elif column is not None:
            raise _NotPlain
        elif type_ is not None:
            self._type(type_)
        else:
            self._with_digits(value, statement.annotation)
        default = value.args[0] if value.args else _keyword(value, "default")
        if default is not None:
            self._number(default)

    def _with_digits(self, field: ast.Call, annotation: ast.expr) -> None:
        _expect_number(annotation)
        if not _is_written_out(field):
            raise _NotPlain
        lacking = []
        for name in ("max_digits", "decimal_places"):
            given = _keyword(field, name)
            if given is None:
                lacking.append(name)
            elif isinstance(given, ast.Constant):
                new = self._digits([name])[0].partition("=")[2]
                self._replace(self._places.start(given), self._places.end(given), new)
            else:
                raise _NotPlain
        if lacking:
            at = len(field.args) + len(field.keywords)
            self._edits += with_arguments(self._places, field, at, self._digits(lacking))

    def _digits(self, names: Sequence[str]) -> list[str]:
        size = dict(zip(("max_digits", "decimal_places"), self._wanted, strict=True))
        return [f"{name}={size[name]}" for name in names]

    def _annotation(self, annotation: ast.expr) -> None:
        within = annotation
        if isinstance(annotation, ast.Subscript) and name_of(annotation.value) == "Mapped":
            within = annotation.slice
        for leaf in leaves(within):
            says = type_names(mapped(leaf) or leaf) if text_of(leaf) is not None else ()
            if "float" in says or (isinstance(leaf, ast.Name) and leaf.id == "float"):
                new = _FLOAT.sub(self._decimal(), self._places.segment(leaf))
                self._replace(self._places.start(leaf), self._places.end(leaf), new)

    def _number(self, node: ast.expr) -> None:
        """`Decimal("0.10")` for a default of 0.10."""
        number = node.operand if isinstance(node, ast.UnaryOp) else node
        if isinstance(number, ast.Constant) and isinstance(number.value, float):
            quote = "'" if self._text.count("'") > self._text.count('"') else '"'
            digits = "".join(self._places.segment(node).split())
            new = f"{self._decimal()}({quote}{digits}{quote})"
            self._replace(self._places.start(node), self._places.end(node), new)

    def _numeric(self) -> str:
        return f"{self._name_of_numeric('sqlalchemy')}{self._wanted}"

    def _name_of_numeric(self, module: str) -> str:
        """As the text imports it, else from where the former type comes."""
        home = module if module in _GENERIC else "sqlalchemy"
        known = (self._names.known(m, "Numeric") for m in (home, *_GENERIC))
        return next(filter(None, known), "") or self._imported(home, "Numeric")

    def _decimal(self) -> str:
        return self._imported("decimal", "Decimal")

    def _imported(self, module: str, name: str) -> str:
        if not self._names.known(module, name) and not self._names.is_free(name, module):
            raise _NotPlain
        return self._names.written(module, name)

    def _replace(self, start: int, end: int, new: str) -> None:
        self._edits.append(TextEdit(start, end, new))


def _expect_number(annotation: ast.expr) -> None:
    """Whether it is a float or Decimal or none: then the column has the type that SQLAlchemy or
    SQLModel take for it. `Annotated` may bring a type of its own."""
    says = set(type_names(annotation)) - {"Optional", "Union"}
    if says not in ({"float"}, {"Decimal"}) or "Annotated" in ast.unparse(annotation):
        raise _NotPlain


def _is_written_out(node: ast.expr) -> bool:
    """Without `*arguments` and `**arguments`."""
    if not isinstance(node, ast.Call):
        return True
    return not any(isinstance(a, ast.Starred) for a in node.args) and all(
        k.arg is not None for k in node.keywords
    )


def _is_no_type(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and called(node) in _NO_TYPES


def _is_literal(node: ast.expr) -> bool:
    return isinstance(node.operand if isinstance(node, ast.UnaryOp) else node, ast.Constant)


def _keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((k.value for k in call.keywords if k.arg == name), None)
