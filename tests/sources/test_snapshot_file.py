"""A snapshot file gives back what was written, and nothing else is taken for one."""

from __future__ import annotations

import dataclasses
import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest

from pgassay.analysis.schema_hash import object_hash, schema_hash
from pgassay.facts.catalog import (
    KINDS,
    Catalog,
    Column,
    Constraint,
    Function,
    Grant,
    Index,
    Schema,
    SchemaObject,
    Sequence,
    Table,
    TableName,
)
from pgassay.facts.table_size import TableSize
from pgassay.sources.snapshot_file import (
    Snapshot,
    SnapshotInvalid,
    read_snapshot,
    snapshot_text,
)

TAKEN_AT = "2026-11-01T10:00:00+00:00"


def value_of(hint: Any, numbers: Iterator[int]) -> Any:
    """A value of a field's type, unlike any other and unlike a default."""
    number = next(numbers)
    if hint is str:
        return f'text {number} "\\\n é \u202e'
    if hint is bool:
        return True
    if hint is int:
        return 1_000 + number
    if hint is float:
        return 0.5 + number
    if hint is Grant:
        return Grant(f"role {number}", ("INSERT", "SELECT WITH GRANT OPTION"))
    if get_origin(hint) is Literal:
        return get_args(hint)[number % len(get_args(hint))]
    if get_origin(hint) is tuple:
        return tuple(value_of(get_args(hint)[0], numbers) for _ in range(2))
    return value_of(next(a for a in get_args(hint) if a is not type(None)), numbers)


def filled(kind: type[SchemaObject]) -> SchemaObject:
    """An object with a value in every field."""
    numbers = itertools.count(1)
    hints = get_type_hints(kind)
    return kind(**{f.name: value_of(hints[f.name], numbers) for f in dataclasses.fields(kind)})


def bare(kind: type[SchemaObject]) -> SchemaObject:
    """An object with nothing but what it must have."""
    numbers = itertools.count(1)
    hints = get_type_hints(kind)
    needed = [f for f in dataclasses.fields(kind) if f.default is dataclasses.MISSING]
    return kind(**{f.name: value_of(hints[f.name], numbers) for f in needed})


def catalog_of(*things: SchemaObject, **more: Any) -> Catalog:
    def of(kind: type[SchemaObject]) -> Any:
        return tuple(t for t in things if isinstance(t, kind))

    own = (Table, Column, Constraint, Index)
    others = tuple(t for t in things if not isinstance(t, own))
    return Catalog(180006, of(Table), of(Column), of(Constraint), of(Index), others, **more)


def write(path: Path, catalog: Catalog, sizes: Mapping[TableName, TableSize] | None = None) -> Path:
    text = "".join(snapshot_text(Snapshot(catalog, "database", "mita", TAKEN_AT, sizes)))
    path.write_text(text, encoding="utf-8")
    return path


def all_fields(catalog: Catalog) -> list[dict[str, Any]]:
    """Also the fields that no comparison looks at."""
    return [dataclasses.asdict(thing) for thing in catalog.objects()]


@pytest.mark.parametrize("make", [filled, bare])
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.KIND)
def test_every_kind_comes_back_as_it_was(
    kind: type[SchemaObject], make: Callable[[type[SchemaObject]], SchemaObject], tmp_path: Path
) -> None:
    catalog = catalog_of(make(kind))
    back = read_snapshot(write(tmp_path / "s.json", catalog))
    assert back.catalog == catalog
    assert all_fields(back.catalog) == all_fields(catalog)


EXAMPLE = catalog_of(
    Schema("public"),
    Table("public", "users", row_security=True, rows_estimate=12),
    Column("public", "users", "id", 1, "bigint", True),
    Column("public", "users", "näme", 2, "character varying(40)", default="''::character varying"),
    Constraint("public", "users", "users_pkey", "primary key", ("id",), "PRIMARY KEY (id)"),
    Index("public", "users", "users_name", False, ("näme",), "USING btree (näme)"),
    Sequence("public", "users_id_seq", owned_by=("public", "users", "id"), last_value=7),
    left_out=(("version table", 1),),
    unread=("options of user mappings are hidden",),
    role="reader",
    fingerprint="abc",
)


@pytest.fixture
def example(tmp_path: Path) -> Path:
    return write(tmp_path / "example.json", EXAMPLE)


def test_a_whole_snapshot_comes_back(example: Path) -> None:
    back = read_snapshot(example)
    assert back == Snapshot(EXAMPLE, "database", "mita", TAKEN_AT)
    assert (back.catalog.role, back.catalog.fingerprint) == ("reader", "abc")
    assert all_fields(back.catalog) == all_fields(EXAMPLE)


def test_the_file_is_one_object_a_line_in_an_order_that_stays(
    example: Path, tmp_path: Path
) -> None:
    other = dataclasses.replace(EXAMPLE, columns=EXAMPLE.columns[::-1])
    lines = example.read_text("utf-8").split("\n")
    assert write(tmp_path / "other.json", other).read_text("utf-8").split("\n") == lines
    assert [line for line in lines if '"name": "näme"' in line] == [
        '   {"schema": "public", "table": "users", "name": "näme", "position": 2, '
        '"type": "character varying(40)", "default": "\'\'::character varying", "hash": '
        f'"{object_hash(EXAMPLE.columns[1])}"}}'
    ]
    document = json.loads(example.read_text("utf-8"))
    assert document["format"] == "pgassay schema snapshot"
    assert document["schema_version"] == 1
    assert document["hash"] == schema_hash(EXAMPLE)
    assert list(document["objects"]) == [
        "schema", "sequence", "table", "column", "constraint", "index",
    ]  # fmt: skip


def test_the_hash_is_of_the_schema_and_not_of_its_state() -> None:
    users, ids = EXAMPLE.tables[0], EXAMPLE.others[1]
    assert isinstance(ids, Sequence)
    moved = dataclasses.replace(
        EXAMPLE,
        server_version_num=150004,
        tables=(dataclasses.replace(users, rows_estimate=99),),
        others=(EXAMPLE.others[0], dataclasses.replace(ids, last_value=500)),
        role="other",
    )
    assert schema_hash(moved) == schema_hash(EXAMPLE)
    opened = dataclasses.replace(users, row_security=False)
    assert schema_hash(dataclasses.replace(EXAMPLE, tables=(opened,))) != schema_hash(EXAMPLE)


def test_the_hash_knows_the_order_of_columns_but_not_the_gaps_of_dropped_ones() -> None:
    first, second = EXAMPLE.columns
    gap = (first, dataclasses.replace(second, position=5))
    swapped = (dataclasses.replace(first, position=9), second)
    assert schema_hash(dataclasses.replace(EXAMPLE, columns=gap)) == schema_hash(EXAMPLE)
    assert schema_hash(dataclasses.replace(EXAMPLE, columns=swapped)) != schema_hash(EXAMPLE)


def test_a_whole_number_is_the_same_cost_as_its_float() -> None:
    assert object_hash(Function("s", "f()", cost=10)) == object_hash(
        Function("s", "f()", cost=10.0)
    )


Edit = Callable[[Any], object]


def column(document: Any) -> Any:
    return document["objects"]["column"][0]


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (lambda d: d.pop("format"), "its format is not 'pgassay schema snapshot'"),
        (lambda d: d.update(format="other"), "its format is not 'pgassay schema snapshot'"),
        (lambda d: d.update(schema_version=2), "a newer pgassay wrote it (schema_version 2;"),
        (lambda d: d.update(schema_version="1"), "'schema_version' is str, not int"),
        (lambda d: d.pop("unread"), "key 'unread' is missing"),
        (lambda d: d.pop("objects"), "key 'objects' is missing"),
        (lambda d: d.update(extra=1), "key 'extra' is unknown"),
        (lambda d: d.update(of="backup"), "'of' is none of database, history, models: 'backup'"),
        (lambda d: d["left_out"].update(view="2"), "a count under 'left_out' is no number"),
        (lambda d: d.update(unread=[3]), "'unread' holds what is no text"),
        (lambda d: d.update(unread=[]), "its checksum does not match"),
        (lambda d: d.update(role="postgres"), "its checksum does not match"),
        (lambda d: d["objects"].update(tabel=[]), "the kind 'tabel' is unknown"),
        (lambda d: d["objects"].update(view={}), "'view' is no list"),
        (lambda d: d["objects"].update(column=[]), "its checksum does not match"),
        (lambda d: d["objects"].pop("index"), "its checksum does not match"),
        (lambda d: d["objects"]["table"].append(5), "table 2 of 2: it is no object"),
        (lambda d: column(d).update(tpye="x"), "column 1 of 2: field 'tpye' is unknown"),
        (lambda d: column(d).pop("name"), "column 1 of 2: field 'name' is missing"),
        (lambda d: column(d).pop("hash"), "column 1 of 2: field 'hash' is missing"),
        (lambda d: column(d).update(not_null=1), "field 'not_null' is not true or false: 1"),
        (lambda d: column(d).update(type=5), "field 'type' is no text: 5"),
        (lambda d: column(d).update(position=True), "field 'position' is not a whole number"),
        (lambda d: column(d).update(options="x"), "field 'options' is no list: 'x'"),
        (lambda d: column(d).update(grants=[{"grantee": "x"}]), "is no grantee with privileges"),
        (
            lambda d: d["objects"]["constraint"][0].update(kind="primary"),
            "constraint 1 of 1: field 'kind' is none of 'primary key', 'unique'",
        ),
        (
            lambda d: column(d).update(type="integer"),
            "column 1 of 2, public.users.id: its hash does not match: the line was edited",
        ),
        # No schema, so no object's hash holds it.
        (lambda d: d["objects"]["sequence"][0].update(last_value=9), "its checksum does not match"),
        (lambda d: d.update(hash="0" * 64), "its checksum does not match"),
    ],
)
def test_what_is_no_whole_snapshot_is_refused(example: Path, edit: Edit, reason: str) -> None:
    document = json.loads(example.read_text("utf-8"))
    edit(document)
    example.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(SnapshotInvalid) as refused:
        read_snapshot(example)
    assert reason in str(refused.value)
    assert str(refused.value).startswith(f"{example}: ")
    assert "\nnext: " in str(refused.value)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is no JSON: Expecting value at line 1, column 1"),
        (b"{", "it is no JSON: Expecting property name"),
        (b"[]", "its format is not 'pgassay schema snapshot'"),
        (b"\xff\xfe", "it is no text in UTF-8 (byte 0)"),
        (b'{"format": "a", "format": "b"}', "the key 'format' stands twice"),
        (b"[" * 100_000, "nested too deep"),
    ],
)
def test_a_file_of_another_kind_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(content)
    with pytest.raises(SnapshotInvalid) as refused:
        read_snapshot(path)
    assert reason in str(refused.value)


def test_a_file_that_is_cut_anywhere_is_refused(example: Path) -> None:
    whole = example.read_bytes().rstrip()
    for length in range(0, len(whole), 97):
        example.write_bytes(whole[:length])
        with pytest.raises(SnapshotInvalid):
            read_snapshot(example)


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(SnapshotInvalid, match="cannot be read: No such file"):
        read_snapshot(tmp_path / "none.json")


def test_a_snapshot_that_was_only_laid_out_anew_is_taken(example: Path) -> None:
    document = json.loads(example.read_text("utf-8"))
    example.write_text(json.dumps(document, indent=4, sort_keys=True), encoding="utf-8")
    assert all_fields(read_snapshot(example).catalog) == all_fields(EXAMPLE)


def test_a_name_in_no_encoding_is_written_and_read(tmp_path: Path) -> None:
    catalog = catalog_of(Table("public", "caf\udce9"))
    assert read_snapshot(write(tmp_path / "s.json", catalog)).catalog == catalog


SIZES = {
    ("public", "users"): TableSize(8192, 16384, 12),
    ("archive", "näme\n"): TableSize(3 << 40, 0, None),
}


@pytest.fixture
def with_sizes(tmp_path: Path) -> Path:
    return write(tmp_path / "sizes.json", EXAMPLE, SIZES)


def test_sizes_come_back_and_are_no_schema(example: Path, with_sizes: Path, tmp_path: Path) -> None:
    back = read_snapshot(with_sizes)
    assert back == Snapshot(EXAMPLE, "database", "mita", TAKEN_AT, SIZES)
    none = write(tmp_path / "none.json", EXAMPLE, {})
    assert read_snapshot(none).sizes == {}
    assert read_snapshot(example).sizes is None
    without, document = (json.loads(p.read_text("utf-8")) for p in (example, with_sizes))
    assert document["hash"] == without["hash"]
    assert document["checksum"] != without["checksum"]
    assert [key for key in document if key not in without] == ["sizes"]


def test_sizes_are_one_table_a_line_in_the_order_of_their_names(with_sizes: Path) -> None:
    lines = with_sizes.read_text("utf-8").split("\n")
    first = lines.index(' "sizes": [') + 1
    assert lines[first : first + 3] == [
        '  {"schema": "archive", "table": "näme\\n", "bytes": 3298534883328, "index_bytes": 0, '
        '"rows": null},',
        '  {"schema": "public", "table": "users", "bytes": 8192, "index_bytes": 16384, "rows": 12}',
        " ],",
    ]


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (lambda d: d.update(sizes={}), "'sizes' is dict, not list"),
        (lambda d: d.update(sizes=None), "'sizes' is NoneType, not list"),
        (lambda d: d.pop("sizes"), "its checksum does not match"),
        (lambda d: d["sizes"].pop(), "its checksum does not match"),
        (lambda d: d["sizes"][0].update(bytes=5), "its checksum does not match"),
        (lambda d: d["sizes"][1].update(rows=None), "its checksum does not match"),
        (lambda d: d["sizes"].append(3), "sizes 3 of 3: it is no object of schema, table, bytes"),
        (lambda d: d["sizes"][0].pop("rows"), "sizes 1 of 2: it is no object of schema, table"),
        (lambda d: d["sizes"][0].update(more=1), "sizes 1 of 2: it is no object of schema, table"),
        (lambda d: d["sizes"][1].update(table=7), "sizes 2 of 2: its name is no text"),
        (lambda d: d["sizes"][1].update(bytes=-1), "sizes 2 of 2: field 'bytes' is no count: -1"),
        (lambda d: d["sizes"][1].update(bytes=None), "field 'bytes' is no count: None"),
        (lambda d: d["sizes"][1].update(index_bytes=1.5), "field 'index_bytes' is no count: 1.5"),
        (lambda d: d["sizes"][1].update(rows=True), "field 'rows' is no count: True"),
        (lambda d: d["sizes"].append(d["sizes"][1]), "public.users stands there twice"),
    ],
)
def test_damaged_sizes_are_refused(with_sizes: Path, edit: Edit, reason: str) -> None:
    test_what_is_no_whole_snapshot_is_refused(with_sizes, edit, reason)
