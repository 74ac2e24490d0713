"""Compares the schemas of any number of databases, object by object."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from pgassay.analysis.schema_diff.clusters import RANK, Cluster, clusters
from pgassay.analysis.schema_diff.columns import column_orders, renamed, with_parents
from pgassay.analysis.schema_diff.ground import Ground, Key, key_of
from pgassay.analysis.schema_diff.properties import (
    Found,
    differing,
    differing_identity,
    differing_kinds,
)
from pgassay.analysis.schema_diff.retyped_columns import RetypedColumns
from pgassay.analysis.schema_diff.run_time_partitions import with_run_time_partitions
from pgassay.analysis.schema_diff.sequence_name import differing_name
from pgassay.analysis.schema_diff.sequence_position import UNSEEN, positions, unseen
from pgassay.analysis.schema_diff.service_grants import SERVICE, without_service_grants
from pgassay.analysis.schema_diff.side import Side
from pgassay.analysis.schema_diff.system_rights import OTHERS, without_others_rights
from pgassay.analysis.schema_diff.usual_owner import under_one_owner
from pgassay.analysis.side_scope import EVERYTHING, Scope
from pgassay.facts.catalog import (
    Catalog,
    Constraint,
    DefaultPrivileges,
    Index,
    Part,
    SchemaObject,
    Sequence,
    SystemGrants,
    Table,
    TableName,
    ViewColumn,
)
from pgassay.facts.comparison import ABSENT, PRESENT, Comparison, Difference, SettledText
from pgassay.facts.reparsed import Reparsed

RUN_TIME_PARTITION = "partition made at run time"

_NO_SCOPES: Mapping[str, Scope] = {}
_NOT_REPARSED: Reparsed = {}


def compare(
    sides: Mapping[str, Catalog],
    *,
    scopes: Mapping[str, Scope] = _NO_SCOPES,
    reparsed: Reparsed = _NOT_REPARSED,
) -> Comparison:
    """Every difference, by schema and relation; a relation's own before its parts'.

    What hangs on an object that a side lacks goes with it, in its `also`: the parts of a relation,
    the constraints, indexes and sequences of a column, everything in a schema. `scopes` say what a
    side can express, by side; without one it can express everything. `reparsed` are the texts that
    `unsettled` asked for: without them texts count as they were read, but for small equivalences.
    """
    sides, of_service = without_service_grants(under_one_owner(sides, scopes), scopes)
    sides, of_others = without_others_rights(sides, scopes)
    filled, made_at_run_time = with_run_time_partitions(sides, scopes)
    known = [
        Side(name, catalog, scopes.get(name, EVERYTHING), reparsed.get(name, {}))
        for name, catalog in filled.items()
    ]
    if len(known) < 2:
        return Comparison()
    comparison = _Comparing(known).result()
    left_out = Counter(dict(comparison.left_out))
    left_out.update({RUN_TIME_PARTITION: made_at_run_time, SERVICE: of_service, OTHERS: of_others})
    return replace(comparison, left_out=tuple(sorted((+left_out).items())))


class _Comparing:
    def __init__(self, sides: list[Side]) -> None:
        self.sides = sides
        self.ground = Ground(sides)
        self.used_schemas = {schema for side in sides for schema, _ in side.tables}
        self.differences: dict[Key, list[Difference]] = {}
        self.settled: list[SettledText] = []
        self.left_out: dict[str, set[Key]] = {}
        self.also: dict[Key, dict[str, None]] = {}
        self.clusters = clusters(sides)
        self.retyped = RetypedColumns(sides, self.clusters)

    def result(self) -> Comparison:
        for cluster in self.clusters:
            self._compare(cluster)
        self._identity_sequences()
        for difference in (*column_orders(self.sides), *positions(self.sides)):
            key = key_of(difference.objects[0][1])
            self.differences.setdefault(key, []).append(difference)
        if hidden := unseen(self.sides):
            self.left_out[UNSEEN] = hidden
        found = [
            replace(d, also=tuple(self.also[key]))
            if key in self.also and d.property in ("presence", "kind")
            else d
            for key, differences in self.differences.items()
            for d in differences
        ]
        found = with_parents(renamed(found, self.sides), self.sides)
        counts = sorted((reason, len(keys)) for reason, keys in self.left_out.items())
        return Comparison(tuple(sorted(found, key=_place)), tuple(self.settled), tuple(counts))

    def _compare(self, cluster: Cluster) -> None:
        thing = next(iter(cluster.values()))
        if isinstance(thing, ViewColumn):
            cluster = self._filled(cluster, thing)
        found = [*self._presence(cluster), *self._kinds(cluster)]
        for kind in {type(thing): None for thing in cluster.values()}:
            members = {side: thing for side, thing in cluster.items() if type(thing) is kind}
            if len(members) > 1:
                found += self._properties(members)
        if found:
            self.differences.setdefault(key_of(thing), []).extend(found)

    def _filled(self, cluster: Cluster, thing: ViewColumn) -> Cluster:
        """A view's column that nothing was set on is there all the same."""
        usual = ViewColumn(thing.schema, thing.table, thing.name)
        views = (side for side in self.sides if thing.table_name in side.relations)
        return {side: cluster.get(side, usual) for side in views}

    def _presence(self, cluster: Cluster) -> Iterator[Difference]:
        """Says where it is absent though what it stands on is there; notes the rest."""
        here, thing = next(iter(cluster.items()))
        asked: list[tuple[str, str]] = []
        for side in self.sides:
            if side in cluster:
                asked.append((side.name, PRESENT))
                continue
            roots = {
                root: None
                for at, it in cluster.items()
                for root in self.ground.missing(it, at, side)
            }
            reason = "" if roots else self._silence(side, thing, cluster)
            if not reason and not roots and _came_with_detaching(thing, here, side):
                continue
            if reason:
                self.left_out.setdefault(reason, set()).add(key_of(thing))
            elif not roots:
                asked.append((side.name, ABSENT))
            for root in roots:
                self._goes_with(root, thing)
        if any(value == ABSENT for _, value in asked):
            yield _said(cluster, "presence", tuple(asked))

    def _silence(self, side: Side, thing: SchemaObject, there: Cluster) -> str:
        """Why the side's lack of the object says nothing; "" where it does."""
        if isinstance(thing, Table) and not side.scope.partitions:
            parents = (parent for here in there for parent in here.parents(thing.table_name))
            if any(side.tables[p].partitioned for p in parents if p in side.tables):
                return RUN_TIME_PARTITION
        if not side.scope.misses(thing, self.used_schemas):
            return f"beyond what {side.scope.name} can say"
        if isinstance(thing, DefaultPrivileges | SystemGrants) and not side.speaks_of_grants:
            return f"grants: {side.scope.name} set none"
        return ""

    def _goes_with(self, root: Key, thing: SchemaObject) -> None:
        _, (schema, relation, _) = root
        if root[0] == "schema" and isinstance(thing, Part):
            return
        if root[0] == "relation" and isinstance(thing, Part) and thing.table != relation:
            return
        name = thing.identity[2] or thing.identity[1]
        shown = name if thing.identity[0] in ("", schema) else thing.subject
        self.also.setdefault(root, {})[f"{thing.KIND} {shown}"] = None

    def _properties(self, members: Cluster) -> Iterator[Difference]:
        thing = next(iter(members.values()))
        found = Found()
        for one in differing(members, found):
            if self.retyped.explain(members, one):
                continue
            yield _said(members, one.property, one.values, undecided=one.undecided)
        self._note(thing, found)

    def _kinds(self, cluster: Cluster) -> Iterator[Difference]:
        """What changed its kind under its name; and its definition, if both kinds have one."""
        if len({type(thing) for thing in cluster.values()}) < 2:
            return
        kinds = tuple((side.name, _kind(thing)) for side, thing in cluster.items())
        yield _said(cluster, "kind", kinds)
        found = Found()
        for one in differing_kinds(cluster, found):
            yield _said(cluster, one.property, one.values, undecided=one.undecided)
        self._note(next(iter(cluster.values())), found)

    def _identity_sequences(self) -> None:
        of_columns = [
            {s.owned_by: s for s in side.sequences if s.identity_column} for side in self.sides
        ]
        for column in {owner: None for sequences in of_columns for owner in sequences}:
            there: dict[Side, Sequence] = {
                side: sequences[column]
                for side, sequences in zip(self.sides, of_columns, strict=True)
                if column in sequences
            }
            if len({*there.values()}) < 2 or len(column) != 3:
                continue
            self._identity_of(there, (column[0], column[1]), column[2])

    def _identity_of(self, there: Mapping[Side, Sequence], table: TableName, name: str) -> None:
        columns: Cluster = {
            side: column
            for side in there
            for column in side.columns.get(table, ())
            if column.name == name
        }
        if len(columns) < 2:
            return
        found = Found()
        retyped = self.retyped.has(table, name)
        of_columns = {side: there[side] for side in columns}
        thing = next(iter(columns.values()))
        for one in (
            *differing_identity(of_columns, found, retyped=retyped),
            *differing_name(of_columns),
        ):
            difference = _said(columns, one.property, one.values)
            self.differences.setdefault(key_of(thing), []).append(difference)
        self._note(thing, found)

    def _note(self, thing: SchemaObject, found: Found) -> None:
        for prop, rung in found.settled:
            self.settled.append(SettledText(thing.KIND, thing.identity, prop, rung))
        for reason in found.left_out:
            self.left_out.setdefault(reason, set()).add(key_of(thing))


def _kind(thing: SchemaObject) -> str:
    if isinstance(thing, Constraint):
        return f"{thing.kind} constraint"
    if isinstance(thing, Index) and thing.unique:
        return "unique index"
    return thing.KIND


def _came_with_detaching(thing: SchemaObject, here: Side, side: Side) -> bool:
    """Whether it is a key or index of a table that `side` has as a partition still, and `here` no
    more: the parent's stand for it there, and what differs is that it was detached."""
    if not isinstance(thing, Constraint | Index):
        return False
    alone, partition = here.tables.get(thing.table_name), side.tables.get(thing.table_name)
    return bool(alone and partition and partition.partition_of and not alone.partition_of)


def _said(
    cluster: Cluster, prop: str, values: tuple[tuple[str, str], ...], *, undecided: str = ""
) -> Difference:
    thing = next(iter(cluster.values()))
    objects = tuple((side.name, it) for side, it in cluster.items())
    return Difference(thing.KIND, *thing.identity, prop, values, objects, undecided=undecided)


def _place(difference: Difference) -> tuple[str, str, int, int]:
    part = bool(difference.name)
    rank = RANK[difference.kind]
    return (difference.schema, difference.table, part, rank)
