"""SQL that makes triggers, rules and policies."""

from __future__ import annotations

from pgassay.analysis.creation import rights
from pgassay.analysis.creation.surroundings import Surroundings
from pgassay.analysis.sql_identifier import literal, qualified, quoted
from pgassay.facts.catalog import EventTrigger, Policy, Rule, Trigger

_ENABLE = {"disabled": "DISABLE", "replica": "ENABLE REPLICA", "always": "ENABLE ALWAYS"}


def trigger(thing: Trigger, around: Surroundings) -> list[str]:
    """A partition has its parent's already: there only whether it fires is said."""
    name, table = quoted(thing.name), qualified(*thing.table_name)
    definition = thing.definition.removeprefix("CONSTRAINT ")
    # pg_get_triggerdef() says of a constraint trigger alone when it is checked.
    is_constraint = " DEFERRABLE INITIALLY " in definition.partition(" FOR EACH ")[0]
    constraint = "CONSTRAINT " if is_constraint else ""
    of_parent = around.is_parents(thing)
    statements = [] if of_parent else [f"CREATE {constraint}TRIGGER {name} {definition};"]
    if thing.enabled in _ENABLE or of_parent:
        how = _ENABLE.get(thing.enabled, "ENABLE")
        statements.append(f"ALTER TABLE {table} {how} TRIGGER {name};")
    address = f"TRIGGER {name} ON {table}"
    statements += rights.dependence(thing.extensions, address)
    return [*statements, *rights.comment(thing, address)]


def rule(thing: Rule, _: Surroundings) -> list[str]:
    name, table = quoted(thing.name), qualified(*thing.table_name)
    statements = [f"CREATE RULE {name} {thing.definition.rstrip().removesuffix(';')};"]
    if thing.enabled in _ENABLE:
        statements.append(f"ALTER TABLE {table} {_ENABLE[thing.enabled]} RULE {name};")
    return [*statements, *rights.comment(thing, f"RULE {name} ON {table}")]


def policy(thing: Policy, _: Surroundings) -> list[str]:
    name, table = quoted(thing.name), qualified(*thing.table_name)
    how = "" if thing.permissive else " AS RESTRICTIVE"
    how += f" FOR {thing.command}" if thing.command != "ALL" else ""
    if thing.roles != ("PUBLIC",):
        how += f" TO {', '.join(map(rights.role, thing.roles))}"
    using = f" USING ({thing.using})" if thing.using else ""
    check = f" WITH CHECK ({thing.check})" if thing.check else ""
    return [
        f"CREATE POLICY {name} ON {table}{how}{using}{check};",
        *rights.comment(thing, f"POLICY {name} ON {table}"),
    ]


def event_trigger(thing: EventTrigger, _: Surroundings) -> list[str]:
    address = f"EVENT TRIGGER {quoted(thing.name)}"
    tags = f" WHEN TAG IN ({', '.join(map(literal, thing.tags))})" if thing.tags else ""
    function = thing.function if thing.function.endswith(")") else f"{thing.function}()"
    statements = [f"CREATE {address} ON {thing.event}{tags} EXECUTE FUNCTION {function};"]
    statements += rights.owner(thing, address)
    if thing.enabled in _ENABLE:
        statements.append(f"ALTER {address} {_ENABLE[thing.enabled]};")
    return [*statements, *rights.comment(thing, address)]
