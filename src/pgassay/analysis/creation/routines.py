"""SQL that makes functions, procedures and aggregates, and what is made of them."""

from __future__ import annotations

from pgassay.analysis.creation import rights
from pgassay.analysis.creation.sql_text import dollar_quoted, setting
from pgassay.analysis.creation.surroundings import Surroundings
from pgassay.analysis.sql_identifier import literal, qualified, quoted, split_signature
from pgassay.facts.catalog import (
    AccessMethod,
    Aggregate,
    Conversion,
    Function,
    Language,
    Member,
    Operator,
    OperatorClass,
    OperatorFamily,
    Transform,
)


def function(thing: Function, _: Surroundings) -> list[str]:
    """A C function needs its library on the server."""
    name, _arguments = split_signature(thing.name)
    text = f"CREATE {_word(thing)} {qualified(thing.schema, name)}({thing.arguments})"
    text += f" RETURNS {thing.returns}" if thing.returns else ""
    words = [f"LANGUAGE {quoted(thing.language)}"]
    if thing.transforms:
        words.append(f"TRANSFORM {', '.join(f'FOR TYPE {t}' for t in thing.transforms)}")
    if thing.routine.startswith("window"):
        words.append("WINDOW")
    if thing.routine != "procedure":
        words += _nature(thing)
    elif thing.security_definer:
        words.append("SECURITY DEFINER")
    words += [f"SET {setting(s)}" for s in thing.settings]
    text = " ".join([text, *words])
    address = function_address(thing)
    return [
        f"{text} {_body(thing)};",
        *rights.owner(thing, address),
        *rights.grants(thing.grants, address, holder=thing.owner),
        *rights.dependence(thing.extensions, address),
        *rights.comment(thing, address),
    ]


def function_address(thing: Function) -> str:
    return f"{_word(thing)} {signature(thing)}"


def signature(thing: Member) -> str:
    """`public.total(integer, text)`."""
    name, arguments = split_signature(thing.name)
    return f"{qualified(thing.schema, name)}({arguments})"


def aggregate_address(thing: Aggregate) -> str:
    name, _arguments = split_signature(thing.name)
    # With its ORDER BY, which the types in its name do not tell.
    return f"AGGREGATE {qualified(thing.schema, name)}({thing.arguments or '*'})"


def aggregate(thing: Aggregate, _: Surroundings) -> list[str]:
    name, _arguments = split_signature(thing.name)
    address = aggregate_address(thing)
    properties = ",\n  ".join(_property(p) for p in thing.properties)
    head = f"CREATE AGGREGATE {qualified(thing.schema, name)}({thing.arguments or '*'})"
    return [
        f"{head} (\n  {properties}\n);",
        *rights.owner(thing, address),
        *rights.grants(thing.grants, f"FUNCTION {signature(thing)}", holder=thing.owner),
        *rights.comment(thing, address),
    ]


def operator_address(thing: Operator) -> str:
    name, _ = split_signature(thing.name)
    operands = f"{thing.left or 'NONE'}, {thing.right or 'NONE'}"
    return f"OPERATOR {quoted(thing.schema)}.{name} ({operands})"


def operator(thing: Operator, _: Surroundings) -> list[str]:
    name, _arguments = split_signature(thing.name)
    parts = [f"FUNCTION = {split_signature(thing.function)[0]}"]
    parts += [f"LEFTARG = {thing.left}"] if thing.left else []
    parts += [f"RIGHTARG = {thing.right}"] if thing.right else []
    parts += [_property(p) for p in thing.properties]
    address = operator_address(thing)
    return [
        f"CREATE OPERATOR {quoted(thing.schema)}.{name} ({', '.join(parts)});",
        *rights.owner(thing, address),
        *rights.comment(thing, address),
    ]


def operator_family(thing: OperatorFamily, _: Surroundings) -> list[str]:
    address = _by_method("FAMILY", thing, thing.method)
    added = ",\n  ".join(thing.members)
    return [
        f"CREATE {address};",
        *([f"ALTER {address} ADD\n  {added};"] if added else []),
        *rights.owner(thing, address),
        *rights.comment(thing, address),
    ]


def operator_class(thing: OperatorClass, _: Surroundings) -> list[str]:
    name = qualified(thing.schema, _bare(thing.name))
    default = " DEFAULT" if thing.default else ""
    family = f" FAMILY {thing.family}" if thing.family else ""
    members = list(thing.members)
    if thing.storage or not members:
        members.append(f"STORAGE {thing.storage or thing.type}")
    address = _by_method("CLASS", thing, thing.method)
    head = f"CREATE OPERATOR CLASS {name}{default} FOR TYPE {thing.type}"
    body = ",\n  ".join(members)
    return [
        f"{head} USING {quoted(thing.method)}{family} AS\n  {body};",
        *rights.owner(thing, address),
        *rights.comment(thing, address),
    ]


def operator_group_address(thing: OperatorClass | OperatorFamily) -> str:
    word = "CLASS" if isinstance(thing, OperatorClass) else "FAMILY"
    return _by_method(word, thing, thing.method)


def conversion(thing: Conversion, _: Surroundings) -> list[str]:
    address = f"CONVERSION {qualified(thing.schema, thing.name)}"
    default = "DEFAULT " if thing.default else ""
    source, target = literal(thing.source_encoding), literal(thing.target_encoding)
    function_name, _arguments = split_signature(thing.function)
    return [
        f"CREATE {default}{address} FOR {source} TO {target} FROM {function_name};",
        *rights.owner(thing, address),
        *rights.comment(thing, address),
    ]


def transform(thing: Transform, _: Surroundings) -> list[str]:
    parts = [f"FROM SQL WITH FUNCTION {thing.from_sql}"] if thing.from_sql else []
    parts += [f"TO SQL WITH FUNCTION {thing.to_sql}"] if thing.to_sql else []
    address = f"TRANSFORM {thing.name}"
    return [f"CREATE {address} ({', '.join(parts)});", *rights.comment(thing, address)]


def language(thing: Language, _: Surroundings) -> list[str]:
    address = f"LANGUAGE {quoted(thing.name)}"
    trusted = "TRUSTED " if thing.trusted else ""
    text = f"CREATE {trusted}{address} HANDLER {split_signature(thing.handler)[0]}"
    text += f" INLINE {split_signature(thing.inline)[0]}" if thing.inline else ""
    text += f" VALIDATOR {split_signature(thing.validator)[0]}" if thing.validator else ""
    return [
        f"{text};",
        *rights.owner(thing, address),
        *rights.grants(thing.grants, address, holder=thing.owner),
        *rights.comment(thing, address),
    ]


def access_method(thing: AccessMethod, _: Surroundings) -> list[str]:
    address = f"ACCESS METHOD {quoted(thing.name)}"
    handler, _arguments = split_signature(thing.handler)
    return [
        f"CREATE {address} TYPE {thing.type.upper()} HANDLER {handler};",
        *rights.comment(thing, address),
    ]


def _word(thing: Function) -> str:
    return "PROCEDURE" if thing.routine == "procedure" else "FUNCTION"


def _nature(thing: Function) -> list[str]:
    words = [thing.volatility.upper()] if thing.volatility != "volatile" else []
    words += ["STRICT"] if thing.strict else []
    words += ["SECURITY DEFINER"] if thing.security_definer else []
    words += ["LEAKPROOF"] if thing.leakproof else []
    words += [f"PARALLEL {thing.parallel.upper()}"] if thing.parallel != "unsafe" else []
    usual_cost = 1 if thing.language in ("c", "internal") else 100
    words += [f"COST {thing.cost:g}"] if thing.cost != usual_cost else []
    words += [f"ROWS {thing.rows:g}"] if thing.rows not in (0, 1000) else []
    return [*words, *([f"SUPPORT {thing.support}"] if thing.support else [])]


def _body(thing: Function) -> str:
    if thing.sql_body:
        return "\n" + thing.body.rstrip().removesuffix(";") if _returns(thing) else thing.body
    if thing.library:
        return f"AS {literal(thing.library)}, {literal(thing.body)}"
    if thing.language == "internal":
        return f"AS {literal(thing.body)}"
    return f"AS {dollar_quoted(thing.body)}"


def _returns(thing: Function) -> bool:
    return thing.body.lstrip().upper().startswith("RETURN")


def _property(text: str) -> str:
    """ "name=value" as `NAME = value`; one without a value is its name."""
    name, equals, value = text.partition("=")
    return f"{name.upper()} = {value}" if equals else name.upper()


def _bare(name: str) -> str:
    return name.partition(" USING ")[0]


def _by_method(word: str, thing: Member, method: str) -> str:
    name = qualified(thing.schema, _bare(thing.name))
    return f"OPERATOR {word} {name} USING {quoted(method)}"
