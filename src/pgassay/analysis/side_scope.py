"""What a side of a comparison can say: where its silence counts, and where only its word does."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from pgassay.facts.catalog import SchemaObject, Sequence

_ANY = "*"


@dataclass(frozen=True, slots=True)
class Scope:
    """What a side can express. An object or value that it does have always counts, but for
    `never`; what it lacks, or leaves as it is by itself, counts only as this says.

    `name` is for sentences, such as "the models". `kinds`: whose absence counts; None for all.
    `properties`: by kind, whose usual value counts; None, or a kind that is not in it, for all.
    `silent` and `never` are (kind or "*", property): the usual value does not count, no value does.
    `data`: it holds rows, so that its sequences' positions mean something. `rights`: owners and
    grants are part of it even where it sets none. `partitions`: it lists every partition, also
    those made at run time. `defaults`: its columns' defaults are all it has.
    """

    name: str = ""
    kinds: frozenset[str] | None = None
    properties: Mapping[str, frozenset[str]] | None = field(default=None, hash=False)
    silent: frozenset[tuple[str, str]] = frozenset()
    never: frozenset[tuple[str, str]] = frozenset()
    data: bool = True
    rights: bool = True
    partitions: bool = True
    defaults: bool = True

    def misses(self, thing: SchemaObject, schemas_of_tables: Collection[str]) -> bool:
        """Whether it would have the object, if it were meant to be there.

        `schemas_of_tables` are those that hold tables on any side: a side that makes a schema only
        for its tables says nothing by leaving out another.
        """
        if self.kinds is None:
            return True
        if thing.KIND == "schema" and thing.identity[0] not in schemas_of_tables:
            return "schema without tables" in self.kinds
        if isinstance(thing, Sequence) and not thing.owned_by:
            return "free sequence" in self.kinds
        return thing.KIND in self.kinds

    def says(self, kind: str, prop: str, *, usual: bool) -> bool:
        """Whether its value of that property counts; `usual`: it is what the dataclass begins
        with, as where nobody said anything."""
        if (kind, prop) in self.never or (_ANY, prop) in self.never or (kind, _ANY) in self.never:
            return False
        if not usual:
            return True
        if (kind, prop) in self.silent or (_ANY, prop) in self.silent:
            return False
        if self.properties is None:
            return True
        return prop in self.properties.get(kind, frozenset())


EVERYTHING = Scope()
"""A database in use, its backup or its snapshot."""

# The server's, the deployment's or the data's, and not what a revision is expected to say.
_OF_THE_DEPLOYMENT = frozenset(
    {"database", "database setting", "subscription", "user mapping", "security label"}
)
_NOT_IN_A_BUILD = frozenset({("extension", "version"), ("database", _ANY)})
_SILENT_IN_A_BUILD = frozenset(
    {(_ANY, "tablespace"), (_ANY, "clustered"), ("materialized view", "populated")}
)

_KINDS = frozenset(
    {
        "access method", "aggregate", "base type", "cast", "collation", "column",
        "composite type", "constraint", "conversion", "default privileges", "domain",
        "domain constraint", "enum", "event trigger", "extension", "foreign data wrapper",
        "foreign server", "free sequence", "function", "index", "language",
        "materialized view", "operator", "operator class", "operator family", "policy",
        "publication", "range type", "rule", "schema", "schema without tables", "sequence",
        "statistics", "system grants", "table",
        "text search configuration", "text search dictionary", "text search parser",
        "text search template", "transform", "trigger", "view", "view column",
    }
)  # fmt: skip

HISTORY = Scope(
    name="the history",
    kinds=_KINDS,
    silent=_SILENT_IN_A_BUILD,
    never=_NOT_IN_A_BUILD,
    data=False,
    rights=False,
    partitions=False,
)
"""A schema that revisions made on scratch: no rows, no partitions made at run time, and often
neither owners nor grants. What somebody refreshed or clustered since is not its business."""

_MODELS_KINDS = frozenset(
    {
        "column", "constraint", "domain", "domain constraint", "enum", "index", "schema",
        "sequence", "table",
    }
)  # fmt: skip
_MODELS_COLUMN = frozenset(
    {
        "type", "not_null", "default", "generated", "comment", "collation", "identity start",
        "identity minimum", "identity maximum", "identity increment", "identity cache",
        "identity cycle",
    }
)  # fmt: skip

MODELS = Scope(
    name="the models",
    kinds=_MODELS_KINDS,
    properties={
        "column": _MODELS_COLUMN,
        "constraint": frozenset({"definition", "name"}),
        "domain": frozenset({"base_type", "not_null", "default", "collation"}),
        "domain constraint": frozenset({"definition"}),
        "enum": frozenset({"labels"}),
        "index": frozenset({"definition", "name", "unique"}),
        "table": frozenset({"comment"}),
    },
    silent=_SILENT_IN_A_BUILD,
    never=_NOT_IN_A_BUILD | {("table", "column order")},
    data=False,
    rights=False,
    partitions=False,
    defaults=False,
)
"""What SQLAlchemy makes of model classes. Their defaults are often Python's, which the database
does not know, so a column's default says nothing; a generation expression does."""

FIRST_VERSION: Mapping[tuple[str, str], int] = {
    ("collation", "rules"): 16,
    ("column", "compression"): 14,
    ("column", "not_null_comment"): 18,
    ("column", "not_null_name"): 18,
    ("column", "not_null_no_inherit"): 18,
    ("column", "not_null_valid"): 18,
    ("database", "icu_rules"): 16,
    ("database", "locale"): 15,
    ("database", "locale_provider"): 15,
    ("publication", "generated_columns"): 18,
    ("publication", "schemas"): 15,
    ("range type", "multirange"): 14,
    ("range type", "multirange_comment"): 14,
}
"""(KIND, property) -> the first major version that knows it: an older one has nothing to say."""
