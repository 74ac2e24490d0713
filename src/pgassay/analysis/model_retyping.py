"""Rewriting a money column of a model: `Numeric(p, s)` for its type, `Decimal` for its Python."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from pgassay.analysis.commands.python import called, text_of
from pgassay.analysis.imported_names import ImportedNames
from pgassay.analysis.model_columns import WrittenColumn, written_columns
from pgassay.analysis.money_in_code.annotations import leaves, mapped, name_of, type_names
from pgassay.analysis.numeric_type import NotPlain, NumericType, new_name
from pgassay.analysis.python_calls import is_written_out, keyword, with_arguments, wrapped
from pgassay.analysis.python_imports import line_width, without_import
from pgassay.analysis.text_edits import Places, TextEdit, edited

# What may stand first in a column's arguments where no type does.
_NO_TYPES = frozenset(
    ("CheckConstraint", "Computed", "FetchedValue", "ForeignKey", "Identity", "Sequence")
)
_PYTHON_DEFAULTS = frozenset(("default", "insert_default", "onupdate"))
_FLOAT = re.compile(r"(?<![\w.])float\b")


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
    except NotPlain:
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
        self._places = Places(text)
        self._names = ImportedNames(text)
        self._numeric = NumericType(text, self._names, wanted)
        self._digits = {"max_digits": wanted[0], "decimal_places": wanted[1]}
        self._edits: list[TextEdit] = []

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
        for module, name in self._numeric.replaced:
            text = without_import(text, module, name, keep_statement=True)
        text = self._names.imports(text)
        for module, name in self._numeric.replaced:
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
            call = new_name(self._names, "sqlalchemy.orm", "mapped_column")
            end = self._places.end(statement)
            self._replace(end, end, f" = {call}({self._numeric.written()})")
        else:
            raise NotPlain
        self._annotation(statement.annotation)

    def _declared(self, call: ast.Call, within: ast.expr | None) -> None:
        """A call of `Column` or `mapped_column`; `within` is what its `Mapped[]` holds."""
        at = 1 if call.args and text_of(call.args[0]) is not None else 0
        type_ = keyword(call, "type_")
        if type_ is None and len(call.args) > at and not _is_no_type(call.args[at]):
            type_ = call.args[at]
        if type_ is not None:
            self._edits += self._numeric.instead(type_)
        elif within is None or not is_written_out(call):
            raise NotPlain
        else:
            _expect_number(within)
            new = [self._numeric.written()]
            self._edits += with_arguments(self._places, call, at, new)
        for given in call.keywords:
            if given.arg in _PYTHON_DEFAULTS:
                self._number(given.value)

    def _field(self, statement: ast.AnnAssign) -> None:
        """Of a SQLModel."""
        value = statement.value
        if value is None or _is_literal(value):
            _expect_number(statement.annotation)
            call = new_name(self._names, "sqlmodel", "Field")
            digits = ", ".join(self._said(self._digits))
            end = self._places.end(statement)
            if value is None:
                self._replace(end, end, f" = {call}({digits})")
            else:
                start = self._places.start(value)
                self._replace(start, start, f"{call}(default=")
                self._number(value)
                self._replace(end, end, f", {digits})")
            return
        if not isinstance(value, ast.Call) or called(value) != "Field":
            raise NotPlain
        column, type_ = keyword(value, "sa_column"), keyword(value, "sa_type")
        if isinstance(column, ast.Call) and called(column) == "Column":
            self._declared(column, None)
        elif column is not None:
            raise NotPlain
        elif type_ is not None:
            self._edits += self._numeric.instead(type_)
        else:
            self._with_digits(value, statement.annotation)
        default = value.args[0] if value.args else keyword(value, "default")
        if default is not None:
            self._number(default)

    def _with_digits(self, field: ast.Call, annotation: ast.expr) -> None:
        _expect_number(annotation)
        if not is_written_out(field):
            raise NotPlain
        lacking = []
        for name, number in self._digits.items():
            given = keyword(field, name)
            if given is None:
                lacking.append(name)
            elif isinstance(given, ast.Constant):
                self._replace(self._places.start(given), self._places.end(given), str(number))
            else:
                raise NotPlain
        if lacking:
            at = len(field.args) + len(field.keywords)
            self._edits += with_arguments(self._places, field, at, self._said(lacking))

    def _said(self, names: Iterable[str]) -> list[str]:
        return [f"{name}={self._digits[name]}" for name in names]

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

    def _decimal(self) -> str:
        return new_name(self._names, "decimal", "Decimal")

    def _replace(self, start: int, end: int, new: str) -> None:
        self._edits.append(TextEdit(start, end, new))


def _expect_number(annotation: ast.expr) -> None:
    """Raises NotPlain but for float or Decimal, or none: a column without a type has the one that
    SQLAlchemy or SQLModel take for it. `Annotated` may bring a type of its own."""
    says = set(type_names(annotation)) - {"Optional", "Union"}
    if says not in ({"float"}, {"Decimal"}) or "Annotated" in ast.unparse(annotation):
        raise NotPlain


def _is_no_type(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and called(node) in _NO_TYPES


def _is_literal(node: ast.expr) -> bool:
    return isinstance(node.operand if isinstance(node, ast.UnaryOp) else node, ast.Constant)
