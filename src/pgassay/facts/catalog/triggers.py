"""What happens by itself, and what rows a role may see: triggers, rules, policies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pgassay.facts.catalog.schema_object import Global, Part


@dataclass(frozen=True, slots=True)
class Trigger(Part):
    """`definition` is pg_get_triggerdef()'s text after CREATE TRIGGER name (a constraint trigger's
    begins with CONSTRAINT). `enabled` is "origin" (the usual), "disabled", "replica" or "always".
    `extensions` are those that it DEPENDS ON: it is dropped with any of them.
    """

    KIND: ClassVar[str] = "trigger"

    definition: str = ""
    enabled: str = "origin"
    function: str = ""
    extensions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule(Part):
    """`definition` is pg_get_ruledef()'s text from AS on; a view's own rule is the view's."""

    KIND: ClassVar[str] = "rule"

    definition: str = ""
    enabled: str = "origin"


@dataclass(frozen=True, slots=True)
class Policy(Part):
    """`command` is "ALL", "SELECT", ...; `roles` in alphabetical order, PUBLIC for everybody;
    `using` and `check` are the deparsed expressions, "" where there is none."""

    KIND: ClassVar[str] = "policy"

    command: str = "ALL"
    permissive: bool = True
    roles: tuple[str, ...] = ("PUBLIC",)
    using: str = ""
    check: str = ""


@dataclass(frozen=True, slots=True)
class EventTrigger(Global):
    KIND: ClassVar[str] = "event trigger"

    event: str = ""
    tags: tuple[str, ...] = ()
    function: str = ""
    enabled: str = "origin"
