"""Which of two histories holds, where both have an object and say otherwise of it."""

from __future__ import annotations

from pgassay.analysis.schema_diff.properties import PROPERTIES
from pgassay.analysis.type_change import keeps_every_value
from pgassay.facts.catalog import Column, Enum, SchemaObject
from pgassay.facts.comparison import Difference

INTO, OTHER = "into", "other"
"""The sides of a comparison: the history that stays, and the one that is brought over."""

_WIDER = "it holds every value of the other"


def precedence(difference: Difference) -> tuple[str, str]:
    """The side that holds, and why; the side is "" where neither can without values being lost.

    A type, or an enum's labels: the one that holds every value of both. NOT NULL holds. What only
    one says anything of (a comment, row security, a default) is as that one has it. Of anything
    else the history that stays decides.
    """
    objects = dict(difference.objects)
    mine, theirs = objects.get(INTO), objects.get(OTHER)
    if difference.property == "kind":
        return "", "one name for two kinds of object"
    if isinstance(mine, Column) and isinstance(theirs, Column):
        if difference.property == "type":
            return _of_types(mine, theirs)
        if difference.property == "not_null":
            return (INTO if mine.not_null else OTHER), "what one forbids stays forbidden"
    if isinstance(mine, Enum) and isinstance(theirs, Enum) and difference.property == "labels":
        return _of_labels(mine.labels, theirs.labels)
    if mine is not None and theirs is not None and _is_usual(mine, difference.property):
        return OTHER, "the other says nothing of it"
    return INTO, "the history that is kept decides"


def _of_types(mine: Column, theirs: Column) -> tuple[str, str]:
    if keeps_every_value(theirs.type, mine.type):
        return INTO, _WIDER
    if keeps_every_value(mine.type, theirs.type):
        return OTHER, _WIDER
    return "", "neither type holds every value of the other"


def _of_labels(mine: tuple[str, ...], theirs: tuple[str, ...]) -> tuple[str, str]:
    if [label for label in mine if label in theirs] == list(theirs):
        return INTO, "it has all labels of the other"
    # ALTER TYPE ... ADD VALUE changes no order.
    if [label for label in theirs if label in mine] == list(mine):
        return OTHER, "it has all labels of the other"
    return "", "neither has all labels of the other, in one order"


def _is_usual(thing: SchemaObject, written: str) -> bool:
    """Whether a property is as it is where nobody says anything of it."""
    name = written.replace(" ", "_")
    usual = dict(PROPERTIES[thing.KIND])
    return name in usual and getattr(thing, name, None) == usual[name]
