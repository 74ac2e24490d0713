"""SQL that changes types, extensions and foreign servers in place."""

from __future__ import annotations

import re

from pgassay.analysis.alteration_relations import alter_foreign_options
from pgassay.analysis.creation import drop
from pgassay.analysis.sql_identifier import literal, qualified, quoted
from pgassay.facts.catalog import (
    Composite,
    Domain,
    Enum,
    Extension,
    ForeignDataWrapper,
    ForeignServer,
    UserMapping,
)

_ATTRIBUTE = re.compile(r'("(?:[^"]|"")*"|\S+) (.*)', re.DOTALL)


def alter_composite(old: Composite, new: Composite) -> list[str]:
    """Attributes are added at the end; where only their order differs there is no way."""
    before, after = _attributes(old), _attributes(new)
    words = [f"DROP ATTRIBUTE {name}" for name in before if name not in after]
    for name, type_ in after.items():
        if name not in before:
            words.append(f"ADD ATTRIBUTE {name} {type_}")
        elif before[name] != type_:
            words.append(f"ALTER ATTRIBUTE {name} TYPE {type_}")
    return [f"ALTER TYPE {qualified(new.schema, new.name)} {', '.join(words)};"] if words else []


def _attributes(thing: Composite) -> dict[str, str]:
    found = (_ATTRIBUTE.fullmatch(attribute) for attribute in thing.attributes)
    return {match[1]: match[2] for match in found if match}


def renamed_label(old: Enum, new: Enum) -> str:
    """The statement that renames the one label in which they differ; "" where none or more do."""
    pairs = list(zip(old.labels, new.labels, strict=False))
    changed = [(was, is_) for was, is_ in pairs if was != is_]
    if len(old.labels) != len(new.labels) or len(changed) != 1:
        return ""
    [(was, is_)] = changed
    if is_ in old.labels or was in new.labels:
        return ""
    enum = qualified(new.schema, new.name)
    return f"ALTER TYPE {enum} RENAME VALUE {literal(was)} TO {literal(is_)};"


def alter_enum(old: Enum, new: Enum) -> list[str]:
    """Labels are renamed and added; none can be taken out or moved."""
    enum = qualified(new.schema, new.name)
    added = []
    for at, label in enumerate(new.labels):
        if label not in old.labels:
            after = next((later for later in new.labels[at + 1 :] if later in old.labels), None)
            place = f" BEFORE {literal(after)}" if after is not None else ""
            added.append(f"ALTER TYPE {enum} ADD VALUE {literal(label)}{place};")
    if renamed := renamed_label(old, new):
        return ["-- If it was renamed:", renamed, f"-- If not, instead: {added[0]}"]
    return added if [label for label in new.labels if label in old.labels] == [*old.labels] else []


def alter_domain(new: Domain, own: set[str]) -> list[str]:
    """What a domain rests on, and its collation, cannot be changed."""
    alter = f"ALTER DOMAIN {qualified(new.schema, new.name)}"
    statements = []
    if "default" in own:
        how = "DROP DEFAULT" if new.default is None else f"SET DEFAULT {new.default}"
        statements.append(f"{alter} {how};")
    if "not_null" in own:
        statements.append(f"{alter} {'SET' if new.not_null else 'DROP'} NOT NULL;")
    return statements


def alter_extension(old: Extension, new: Extension, own: set[str]) -> list[str]:
    """Extensions have scripts from an old version to a newer one only."""
    alter = f"ALTER EXTENSION {quoted(new.name)}"
    statements = []
    if "schema" in own:
        statements.append(f"{alter} SET SCHEMA {quoted(new.schema)};")
    if "version" in own and _numbers(old.version) < _numbers(new.version):
        statements.append(f"{alter} UPDATE TO {literal(new.version)};")
    return statements


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)]


def alter_foreign(
    old: ForeignServer | ForeignDataWrapper | UserMapping,
    new: ForeignServer | ForeignDataWrapper | UserMapping,
    own: set[str],
) -> list[str]:
    """A server's type, and its wrapper, cannot be changed."""
    alter = "ALTER " + drop(new).removeprefix("DROP ").removesuffix(";")
    statements = []
    if isinstance(new, ForeignServer) and "version" in own:
        statements.append(f"{alter} VERSION {literal(new.version)};")
    if "options" in own and ("hidden",) not in (old.options, new.options):
        statements += alter_foreign_options(alter, old.options, new.options)
    return statements
