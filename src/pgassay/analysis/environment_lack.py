"""Whether the project's code failed for an environment variable that it did not get."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Event = Mapping[str, Any]

WITHHELD = "withheld-by-pgassay"
"""What the project's code gets in place of a secret."""

# Of the code itself, whatever a variable holds.
_OF_THE_CODE = frozenset(
    (
        "CompileError",
        "ImportError",
        "IndentationError",
        "ModuleNotFoundError",
        "NameError",
        "SyntaxError",
        "UnboundLocalError",
        "UnsupportedCompilationError",
    )
)
# What libraries raise, beside ValueError and what is one, for a key that is none.
_NO_KEY = frozenset(("InvalidKey", "InvalidKeyError", "InvalidSignature", "InvalidToken"))
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class EnvironmentLack:
    """Variables that the code had asked for when it failed: `withheld`, which got a stand-in, and
    `unset`. `is_certain`: the failing lines themselves asked for them."""

    withheld: tuple[str, ...] = ()
    unset: tuple[str, ...] = ()
    is_certain: bool = False

    @property
    def said(self) -> str:
        """Sentences that follow on what failed."""
        lines = []
        if self.withheld:
            several = len(self.withheld) > 1
            lines.append(
                f" The code had read {_named(self.withheld)}, whose value{'s' * several} pgassay "
                f"withheld ({WITHHELD!r} or a masked URL stands there): it gives no secrets to the "
                "project's code."
            )
        if self.unset:
            lines.append(
                f" The code had read {_named(self.unset)}, which {_are(self.unset)} not set."
            )
        return "".join(lines)

    @property
    def next_step(self) -> str:
        written = ", ".join(f'{name} = "..."' for name in (*self.withheld, *self.unset)[:_SHOWN])
        made_up = "made-up values, not the secrets" if self.withheld else "values"
        return (
            f"Write {made_up}, in the form that the code expects, under [project.environment] in "
            f"pgassay.toml: {written}. `pgassay check -vv` shows the traceback."
        )


def environment_lack(event: Event, *, of_revision: bool = False) -> EnvironmentLack | None:
    """None where the failure does not look like one for a value.

    env.py and what it imports settle the surroundings, so there any value may be to blame. A
    revision is more likely wrong by itself: there it has to be the failing line that asked, or what
    is raised for a text of the wrong form, or the stand-in has to be in the message.
    """
    lacking = event.get("lacking", ())
    from_server = event.get("sqlstate") or event.get("statement")
    shows_it = WITHHELD in event["error"]
    if not lacking or event["type"] in _OF_THE_CODE or (from_server and not shows_it):
        return None
    places = {(file, line) for file, line in event["frames"]}
    at_fault = [entry for entry in lacking if (entry[2], entry[3]) in places]
    unset = _names(at_fault, "unset") if _is_for_nothing(event) else ()
    withheld = _names(at_fault, "withheld") if _is_for_a_form(event) or not of_revision else ()
    if withheld or unset:
        return EnvironmentLack(withheld, unset, is_certain=True)
    files = {file for file, _ in places}
    if _is_for_a_form(event) or not of_revision:
        withheld = _likely(_names(lacking, "withheld"), event)
    if not of_revision and _is_for_nothing(event):
        unset = _names([entry for entry in lacking if entry[2] in files], "unset")
    return EnvironmentLack(withheld, unset) if withheld or unset else None


def _is_for_a_form(event: Event) -> bool:
    """Whether it says that a text is not what it should be."""
    kinds = {event["type"], *event.get("bases", ())}
    return WITHHELD in event["error"] or "ValueError" in kinds or not _NO_KEY.isdisjoint(kinds)


def _is_for_nothing(event: Event) -> bool:
    """Whether it may be raised for None or "" in place of a value."""
    kinds = {event["type"], *event.get("bases", ())}
    if "KeyError" in kinds:
        return event.get("argument", "") in _names(event["lacking"], "unset")
    if "AttributeError" in kinds:
        return "'NoneType'" in event["error"]
    return not kinds.isdisjoint(("ValueError", "TypeError", "ArgumentError"))


def _names(entries: Iterable[Any], kind: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name, found, _file, _line in entries if found == kind))


def _likely(names: tuple[str, ...], event: Event) -> tuple[str, ...]:
    """Settings classes look through all variables: then those that the message names, in the way
    of fields (`app_key`), where it names any."""
    said = event["traceback"].lower()
    named = tuple(name for name in names if name.lower() in said)
    return named if len(names) > _SHOWN and named else names


def _named(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return (", ".join(names[:_SHOWN]) if more else " and ".join(names)) + more


def _are(names: tuple[str, ...]) -> str:
    return "are" if len(names) > 1 else "is"
