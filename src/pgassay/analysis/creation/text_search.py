"""SQL that makes what text search is made of."""

from __future__ import annotations

from pgassay.analysis.creation import rights
from pgassay.analysis.creation.surroundings import Surroundings
from pgassay.analysis.sql_identifier import qualified
from pgassay.facts.catalog import (
    TextSearchConfiguration,
    TextSearchDictionary,
    TextSearchParser,
    TextSearchTemplate,
)


def configuration(thing: TextSearchConfiguration, _: Surroundings) -> list[str]:
    name = qualified(thing.schema, thing.name)
    address = f"TEXT SEARCH CONFIGURATION {name}"
    statements = [f"CREATE {address} (PARSER = {thing.parser});"]
    for mapping in thing.mappings:
        token, _colon, dictionaries = mapping.partition(": ")
        statements.append(f"ALTER {address} ADD MAPPING FOR {token} WITH {dictionaries};")
    return [*statements, *rights.owner(thing, address), *rights.comment(thing, address)]


def dictionary(thing: TextSearchDictionary, _: Surroundings) -> list[str]:
    address = f"TEXT SEARCH DICTIONARY {qualified(thing.schema, thing.name)}"
    options = f", {thing.options}" if thing.options else ""
    return [
        f"CREATE {address} (TEMPLATE = {thing.template}{options});",
        *rights.owner(thing, address),
        *rights.comment(thing, address),
    ]


def parser(thing: TextSearchParser, _: Surroundings) -> list[str]:
    return _of_functions("PARSER", thing)


def template(thing: TextSearchTemplate, _: Surroundings) -> list[str]:
    return _of_functions("TEMPLATE", thing)


def _of_functions(word: str, thing: TextSearchParser | TextSearchTemplate) -> list[str]:
    address = f"TEXT SEARCH {word} {qualified(thing.schema, thing.name)}"
    functions = ", ".join(f.replace("=", " = ", 1) for f in thing.functions)
    return [f"CREATE {address} ({functions});", *rights.comment(thing, address)]
