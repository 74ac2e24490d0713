"""Functions and what is made of them: aggregates, operators, conversions, languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pgassay.facts.catalog.schema_object import Global, Member


@dataclass(frozen=True, slots=True)
class Function(Member):
    """A function, window function or procedure; `routine` says which.

    `arguments` is pg_get_function_arguments()'s text with names, modes and defaults; `returns` is
    "" for a procedure. `body` is prosrc, or the deparsed body of BEGIN ATOMIC or RETURN
    (`sql_body` then). `library` is a C function's file. `settings` are SET clauses as "name=value".
    `rows` is 0 where it returns no set. `support` is the planner support function.
    `extensions` are those that it DEPENDS ON: it is dropped with any of them.
    """

    KIND: ClassVar[str] = "function"

    routine: str = "function"
    arguments: str = ""
    returns: str = ""
    language: str = ""
    body: str = ""
    sql_body: bool = False
    library: str = ""
    volatility: str = "volatile"
    strict: bool = False
    security_definer: bool = False
    leakproof: bool = False
    parallel: str = "unsafe"
    cost: float = 100
    rows: float = 0
    settings: tuple[str, ...] = ()
    support: str = ""
    transforms: tuple[str, ...] = ()
    extensions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Aggregate(Member):
    """`properties` are CREATE AGGREGATE's as "name=value" in its order, such as
    "sfunc=pg_catalog.int4pl"."""

    KIND: ClassVar[str] = "aggregate"

    arguments: str = ""
    returns: str = ""
    properties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Operator(Member):
    """`left` or `right` is "" for a prefix operator. `properties` are CREATE OPERATOR's as
    "name=value", such as "commutator=OPERATOR(public.===)"."""

    KIND: ClassVar[str] = "operator"

    left: str = ""
    right: str = ""
    returns: str = ""
    function: str = ""
    properties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OperatorFamily(Member):
    """`members` are its loose operators and functions, such as "OPERATOR 1 <(integer, bigint)"."""

    KIND: ClassVar[str] = "operator family"

    method: str = ""
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OperatorClass(Member):
    KIND: ClassVar[str] = "operator class"

    method: str = ""
    type: str = ""
    default: bool = False
    family: str = ""
    storage: str = ""
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conversion(Member):
    KIND: ClassVar[str] = "conversion"

    source_encoding: str = ""
    target_encoding: str = ""
    function: str = ""
    default: bool = False


@dataclass(frozen=True, slots=True)
class Transform(Global):
    """`name` is such as `FOR jsonb LANGUAGE plpython3u`."""

    KIND: ClassVar[str] = "transform"

    from_sql: str = ""
    to_sql: str = ""


@dataclass(frozen=True, slots=True)
class Language(Global):
    KIND: ClassVar[str] = "language"

    trusted: bool = True
    handler: str = ""
    inline: str = ""
    validator: str = ""


@dataclass(frozen=True, slots=True)
class AccessMethod(Global):
    """`type` is "index" or "table"."""

    KIND: ClassVar[str] = "access method"

    type: str = ""
    handler: str = ""


@dataclass(frozen=True, slots=True)
class TextSearchConfiguration(Member):
    """`mappings` are "token type: dictionary, dictionary"."""

    KIND: ClassVar[str] = "text search configuration"

    parser: str = ""
    mappings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TextSearchDictionary(Member):
    KIND: ClassVar[str] = "text search dictionary"

    template: str = ""
    options: str = ""


@dataclass(frozen=True, slots=True)
class TextSearchParser(Member):
    """`functions` are "role=function"."""

    KIND: ClassVar[str] = "text search parser"

    functions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TextSearchTemplate(Member):
    """`functions` are "role=function"."""

    KIND: ClassVar[str] = "text search template"

    functions: tuple[str, ...] = ()
