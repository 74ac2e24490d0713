"""Types that users make, and the casts between them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from pgassay.facts.catalog.schema_object import Global, Member, Part


@dataclass(frozen=True, slots=True)
class Enum(Member):
    """`labels` are in the enum's order."""

    KIND: ClassVar[str] = "enum"

    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Domain(Member):
    KIND: ClassVar[str] = "domain"

    base_type: str = ""
    not_null: bool = False
    default: str | None = None
    collation: str = ""


@dataclass(frozen=True, slots=True)
class DomainConstraint(Part):
    """A CHECK of a domain; `table` is the domain's name."""

    KIND: ClassVar[str] = "domain constraint"

    definition: str = ""
    validated: bool = True


@dataclass(frozen=True, slots=True)
class Composite(Member):
    """`attributes` are each its name and type, and COLLATE where it is not the type's own;
    `attribute_comments` "name: comment"."""

    KIND: ClassVar[str] = "composite type"

    attributes: tuple[str, ...] = ()
    attribute_comments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Range(Member):
    KIND: ClassVar[str] = "range type"

    subtype: str = ""
    operator_class: str = ""
    collation: str = ""
    canonical: str = ""
    subtype_diff: str = ""
    multirange: str = ""
    multirange_comment: str = ""


@dataclass(frozen=True, slots=True)
class BaseType(Member):
    """A type made of functions, or only its shell. `properties` are "name=value"."""

    KIND: ClassVar[str] = "base type"

    properties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cast(Global):
    """`name` is such as `(integer AS public.money_text)`. `function` is "" where `method` is
    "binary" or "inout"; `context` is "explicit", "assignment" or "implicit"."""

    KIND: ClassVar[str] = "cast"

    function: str = ""
    method: str = "function"
    context: str = "explicit"


@dataclass(frozen=True, slots=True)
class Collation(Member):
    """`provider` is "libc", "icu" or "builtin". `version` is what the catalog noted when it was
    made, `actual_version` what the system has now; neither is schema, but where they differ its
    indexes may be out of order."""

    KIND: ClassVar[str] = "collation"

    provider: str = ""
    locale: str = ""
    ctype: str = ""
    deterministic: bool = True
    rules: str = ""
    encoding: str = ""
    version: str = field(default="", compare=False)
    actual_version: str = field(default="", compare=False)
