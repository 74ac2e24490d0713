"""Fields of facts that SQL alone does not make; False where there is no object to list."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from pgassay.analysis.managed_services import supabase_by_default, supabase_on_schema
from pgassay.sources.catalog_reading import Changed, Columns, Fields, Reading
from pgassay.sources.catalog_secrets import HIDDEN_OPTIONS, without_secrets, without_values
from pgassay.sources.catalog_texts import (
    automatic_not_null,
    properties,
    routine,
    storage_options,
)

HIDDEN_VALUE = "hidden value"
CONNECTION = "subscription's connection"


def _hide(fields: Fields, name: str, reading: Reading) -> None:
    if fields[name]:
        fields[name], number = without_secrets(fields[name])
        if number:
            reading.own.leave_out(HIDDEN_VALUE, number)


def table(fields: Fields, reading: Reading) -> bool:
    _with_toast(fields)
    _hide(fields, "foreign_options", reading)
    return True


def view(fields: Fields, _: Reading) -> bool:
    if fields["definition"] is None:
        raise Changed(f"view {fields['schema']}.{fields['name']} was dropped")
    fields["definition"] = fields["definition"].removesuffix(";")
    if "toast_options" in fields:
        _with_toast(fields)
    else:
        fields["options"] = storage_options(fields["options"])
    return True


def _with_toast(fields: Fields) -> None:
    toast = fields.pop("toast_options")
    if toast or fields["options"]:
        options = storage_options(fields["options"]) + storage_options(toast, "toast.")
        fields["options"] = tuple(sorted(options))


def columns(fields: Columns, reading: Reading) -> None:
    places = list(zip(fields["relation"], fields["part"], strict=True))
    reading.own.columns.update(zip(places, fields["name"], strict=True))
    fields["type"] = list(map(sys.intern, fields["type"]))
    rests = list(map(reading.column_types.rests_on, fields.pop("type_oid")))
    fields["base_type"] = [base_type for base_type, _ in rests]
    fields["labels"] = [labels for _, labels in rests]
    if any(fields["options"]):
        fields["options"] = list(map(storage_options, fields["options"]))
    if any(fields["foreign_options"]):
        shown = [without_secrets(options) for options in fields["foreign_options"]]
        fields["foreign_options"] = [options for options, _ in shown]
        reading.own.leave_out(HIDDEN_VALUE, sum(number for _, number in shown))
    if "not_null_oid" in fields:
        _not_null(fields, reading)


def _not_null(fields: Columns, reading: Reading) -> None:
    """The names that PostgreSQL 18 gives by itself go without saying."""
    names = zip(fields["not_null_name"], fields["table"], fields["name"], strict=True)
    fields["not_null_name"] = [
        "" if name and name == automatic_not_null(table, column) else name
        for name, table, column in names
    ]
    catalog, comments = reading.own.classes["pg_constraint"], reading.comments
    keys = [(catalog, oid, 0) for oid in fields.pop("not_null_oid")]
    if not comments.keys().isdisjoint(keys):
        fields["not_null_comment"] = [comments.get(key, "") for key in keys]


def view_column(fields: Fields, reading: Reading) -> bool:
    """Only one that something was set on."""
    reading.own.columns[fields["relation"], fields["part"]] = fields["name"]
    return bool(
        fields["default"] is not None
        or fields["statistics"] is not None
        or fields["options"]
        or fields.get("comment")
        or fields.get("grants")
    )


def sequence(fields: Fields, reading: Reading) -> bool:
    own = reading.own
    owning, number = fields.pop("owning_table"), fields.pop("owning_column")
    fields["owned_by"] = ()
    if owning is not None:
        if owning not in own.relations:
            # It goes with a table that is left out, and was counted there.
            return False
        column = own.columns.get((owning, number))
        if column is None:
            raise Changed(f"the column of sequence {fields['schema']}.{fields['name']} is gone")
        fields["owned_by"] = (*own.relations[owning], column)
    if fields["readable"]:
        reading.readable_sequences[fields["schema"], fields["name"]] = fields["oid"]
    return True


def constraint(fields: Fields, reading: Reading) -> bool:
    columns, table_oid = reading.own.columns, fields["relation"]
    # In the order written. 0 is an expression of an exclusion constraint.
    numbers = fields.pop("column_numbers") or ()
    index = (reading.own.classes["pg_class"], fields.pop("index_oid") or 0, 0)
    fields["index_comment"] = reading.comments.get(index, "")
    fields["columns"] = tuple([columns[table_oid, number] for number in numbers if number])
    fields["options"] = storage_options(fields["options"])
    return True


def index(fields: Fields, reading: Reading) -> bool:
    columns, table_oid = reading.own.columns, fields["relation"]
    numbers = fields.pop("column_numbers").split()[: fields.pop("key_parts")]
    # An expression as its text, so that places stay true.
    expressions = fields.pop("expressions") or [""] * len(numbers)
    fields["columns"] = tuple(
        [
            columns[table_oid, int(number)] if number != "0" else expression
            for number, expression in zip(numbers, expressions, strict=True)
        ]
    )
    if None in fields["columns"]:
        raise Changed(f"index {fields['schema']}.{fields['name']} was altered")
    return True


def statistics(fields: Fields, reading: Reading) -> bool:
    return fields.pop("hangs_on") in reading.own.relations


def domain(fields: Fields, reading: Reading) -> bool:
    reading.own.relations[fields["oid"]] = (fields["schema"], fields["name"])
    return True


def range_type(fields: Fields, _: Reading) -> bool:
    return _routines(fields, "canonical", "subtype_diff")


def with_properties(fields: Fields, _: Reading) -> bool:
    fields["properties"] = properties(fields["properties"])
    return True


base_type = with_properties


def function(fields: Fields, reading: Reading) -> bool:
    _hide(fields, "settings", reading)
    return _routines(fields, "support")


def operator(fields: Fields, reading: Reading) -> bool:
    with_properties(fields, reading)
    return _routines(fields, "function")


def conversion(fields: Fields, _: Reading) -> bool:
    return _routines(fields, "function")


def cast(fields: Fields, _: Reading) -> bool:
    return _routines(fields, "function")


def transform(fields: Fields, _: Reading) -> bool:
    return _routines(fields, "from_sql", "to_sql")


def language(fields: Fields, _: Reading) -> bool:
    return _routines(fields, "handler", "inline", "validator")


def access_method(fields: Fields, _: Reading) -> bool:
    return _routines(fields, "handler")


def text_search_parts(fields: Fields, _: Reading) -> bool:
    fields["functions"] = properties(fields["functions"])
    return True


def _routines(fields: Fields, *names: str) -> bool:
    for name in names:
        fields[name] = routine(fields[name]) if fields[name] else ""
    return True


def event_trigger(fields: Fields, reading: Reading) -> bool:
    fields["tags"] = tuple(sorted(fields["tags"]))
    reason = reading.own.schema_reason(fields.pop("function_schema"))
    if reason:
        reading.own.leave_out(reason)
    return not reason


def foreign_data_wrapper(fields: Fields, reading: Reading) -> bool:
    _hide(fields, "options", reading)
    return _routines(fields, "handler", "validator")


def foreign_options(fields: Fields, reading: Reading) -> bool:
    _hide(fields, "options", reading)
    return True


def user_mapping(fields: Fields, reading: Reading) -> bool:
    if reading.own.is_member("pg_foreign_server", fields.pop("server")):
        return False
    hidden = fields.pop("hidden")
    fields["options"], number = without_values(fields["options"])
    if number:
        reading.own.leave_out(HIDDEN_VALUE, number)
    if hidden:
        fields["options"] = HIDDEN_OPTIONS
        reading.unread.append(f"the options of the user mapping {fields['name']}: no right to see")
    return True


def extension(fields: Fields, reading: Reading) -> bool:
    service = reading.own.service
    theirs = (
        service is not None
        and fields["name"] in service.extensions
        and fields["schema"] in service.schemas
    )
    if theirs:
        reading.own.leave_out(reading.own.managed)
    return not theirs


def publication(fields: Fields, reading: Reading) -> bool:
    service = reading.own.service
    ours = service is None or fields["name"] not in service.publications
    if not ours:
        reading.own.leave_out(reading.own.managed)
    return ours


def subscription(fields: Fields, reading: Reading) -> bool:
    reading.own.leave_out(CONNECTION)
    fields["publications"] = tuple(sorted(fields["publications"]))
    return True


# pg_default_acl.defaclobjtype
_DEFAULTS: Mapping[str, str] = {
    "r": "table",
    "S": "sequence",
    "f": "function",
    "T": "type",
    "n": "schema",
    "L": "large object",
}


def default_privileges(fields: Fields, reading: Reading) -> bool:
    own, schema, objects = reading.own, fields.pop("place"), fields.pop("objects")
    role = fields.pop("role")
    reason = own.schema_reason(schema) or (own.managed if own.is_of_service(role) else "")
    if reason:
        own.leave_out(reason)
        return False
    if objects not in _DEFAULTS:
        reading.unread.append(f"default privileges of the unknown kind {objects!r}")
        return False
    kind = _DEFAULTS[objects]
    grants = reading.grants.of_defaults(fields["oid"], kind, role, schema)
    fields["grants"], fields["of_service"] = grants, ()
    if own.supabase and schema:
        names = (own.roles.get(role, ""), kind, own.schemas[schema])
        fields["of_service"] = supabase_by_default(*names, grants)
    return True


def system_grants(fields: Fields, reading: Reading) -> bool:
    held, first = fields.pop("held"), fields.pop("held_first")
    kind = fields.pop("rights")
    if reading.own.supabase:
        # It gives its own roles rights on every extension's objects.
        reading.own.leave_out(reading.own.managed)
        return False
    fields["grants"], fields["initial"] = reading.grants.of_system(held, first, kind)
    return True


def security_label(fields: Fields, reading: Reading) -> bool:
    member = (fields.pop("catalog"), fields.pop("labelled")) in reading.own.members
    if member:
        reading.own.leave_out("extension member")
    return not member


def setting(fields: Fields, reading: Reading) -> bool:
    _hide(fields, "settings", reading)
    return True


def schema(fields: Fields, reading: Reading) -> bool:
    ours = reading.own.supabase and fields.get("grants")
    fields["of_service"] = supabase_on_schema(fields["name"], fields["grants"]) if ours else ()
    return reading.own.is_listed_schema(fields["oid"])


def trigger(fields: Fields, reading: Reading) -> bool:
    own = reading.own
    if fields.pop("of_constraint"):
        fields["definition"] = f"CONSTRAINT {fields['definition']}"
    oid, schema_oid = fields.pop("function_oid"), fields.pop("function_schema")
    if own.is_managed_table((fields["schema"], fields["table"])):
        ours = not own.schema_reason(schema_oid) and not own.is_member("pg_proc", oid)
        if not ours:
            own.leave_out(own.managed)
        return ours
    return True


def policy(fields: Fields, reading: Reading) -> bool:
    fields["roles"] = tuple(sorted(map(reading.grants.grantee, fields.pop("role_oids"))))
    return True
