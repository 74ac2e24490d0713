"""A schema in a file: written so that git shows what changed, read so that nothing is guessed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from pgassay.analysis.schema_hash import canonical, object_hash, plain_values, schema_hash
from pgassay.facts.catalog import (
    KINDS,
    Catalog,
    Column,
    Constraint,
    Database,
    Index,
    SchemaObject,
    Table,
    TableName,
)
from pgassay.facts.table_size import TableSize
from pgassay.sources.snapshot_object import ValueInvalid, read_object
from pgassay.sources.snapshot_sizes import plain_sizes, read_sizes

FORMAT: Final = "pgassay schema snapshot"
SCHEMA_VERSION: Final = 1
_AGAIN = "take it again with `pgassay schema snapshot --out FILE`"
_OF: Final = ("database", "history", "models")
_HEADER: Final = {
    "format": str,
    "schema_version": int,
    "taken_at": str,
    "of": str,
    "database": str,
    "role": str,
    "server_version_num": int,
    "locale": str,
    "hash": str,
    "fingerprint": str,
    "left_out": dict,
    "unread": list,
    "objects": dict,
    "checksum": str,
}
_KEYS: Final = {**_HEADER, "sizes": list}
"""With those that a file may have."""


class SnapshotInvalid(Exception):
    """The file is no snapshot that can be trusted. Says what is wrong, where, and what to do."""

    def __init__(self, path: Path, reason: str, next_step: str = _AGAIN) -> None:
        self.reason = reason
        self.next_step = next_step
        super().__init__(f"{path}: {reason}\nnext: {next_step}")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A schema with where it was read. `of` is "database", or what a project makes on scratch:
    "history", "models". `database` is its name, such as "mita"; `taken_at` ISO 8601 with offset.
    `sizes` are of its tables when it was taken; None where they were not asked for."""

    catalog: Catalog
    of: str
    database: str
    taken_at: str
    sizes: Mapping[TableName, TableSize] | None = None


def snapshot_text(snapshot: Snapshot) -> Iterator[str]:
    """The file's lines, with their line feeds: an object a line, in an order that stays.

    It holds no URL. `hash` is the schema's; `checksum` covers the rest of the file too, with the
    sizes.
    """
    kinds = {
        kind: [(thing, object_hash(thing)) for thing in sorted(things, key=_place)]
        for kind, things in _by_kind(snapshot.catalog).items()
    }
    header = _header(snapshot, [line for lines in kinds.values() for _, line in lines])
    sizes = None if snapshot.sizes is None else plain_sizes(snapshot.sizes)
    checksum = sha256(canonical(header if sizes is None else {**header, "sizes": sizes}))
    yield "{\n"
    for key, value in header.items():
        yield f" {_json(key)}: {_json(value)},\n"
    yield ' "objects": {'
    comma = "\n"
    for kind, lines in kinds.items():
        yield f"{comma}  {_json(kind)}: ["
        comma = "\n"
        for thing, line in lines:
            checksum.update(_sealed(thing, line))
            yield f"{comma}   {_json({**plain_values(thing), 'hash': line})}"
            comma = ",\n"
        yield "\n  ]"
        comma = ",\n"
    yield "\n },\n"
    if sizes is not None:
        lines_of_sizes = ",".join(f"\n  {_json(size)}" for size in sizes)
        yield f' "sizes": [{lines_of_sizes}\n ],\n'
    yield f' "checksum": {_json(checksum.hexdigest())}\n}}\n'


def read_snapshot(path: Path) -> Snapshot:
    """The snapshot as it was written, whole. Raises SnapshotInvalid."""
    document = _document(path)
    if document.get("format") != FORMAT:
        raise SnapshotInvalid(path, f"it is JSON, but its format is not {FORMAT!r}")
    version = document.get("schema_version")
    if type(version) is int and version > SCHEMA_VERSION:
        raise SnapshotInvalid(
            path,
            f"a newer pgassay wrote it (schema_version {version}; this one reads up to "
            f"{SCHEMA_VERSION})",
            "install the pgassay that wrote it, or " + _AGAIN,
        )
    _check_header(path, document)
    try:
        sizes = read_sizes(document["sizes"]) if "sizes" in document else None
    except ValueInvalid as error:
        raise SnapshotInvalid(path, str(error)) from error
    header = {k: v for k, v in document.items() if k not in ("objects", "checksum")}
    checksum = sha256(canonical(header))
    objects, hashes = [], []
    for thing, line in _objects(path, document.pop("objects")):
        objects.append(thing)
        hashes.append(line)
        checksum.update(_sealed(thing, line))
    if checksum.hexdigest() != document["checksum"]:
        raise SnapshotInvalid(
            path, "its checksum does not match: the file was edited, or part of it is lost"
        )
    catalog = _catalog(document, objects)
    if schema_hash(catalog, hashes) != document["hash"]:
        raise SnapshotInvalid(path, "its hash does not match: the file was edited")
    return Snapshot(catalog, document["of"], document["database"], document["taken_at"], sizes)


def _by_kind(catalog: Catalog) -> dict[str, list[SchemaObject]]:
    """The kinds that there are, in the order of KINDS."""
    found: dict[str, list[SchemaObject]] = {kind.KIND: [] for kind in KINDS}
    for thing in catalog.objects():
        found[thing.KIND].append(thing)
    return {kind: things for kind, things in found.items() if things}


def _place(thing: SchemaObject) -> tuple[str, str, int, str]:
    """By identity; columns as their table has them."""
    schema, relation, name = thing.identity
    return (schema, relation, thing.position if isinstance(thing, Column) else 0, name)


def _sealed(thing: SchemaObject, its_hash: str) -> bytes:
    """What the checksum covers of an object: its hash, and what that does not cover."""
    return canonical([its_hash, plain_values(thing, schema=False)])


def _header(snapshot: Snapshot, object_hashes: list[str]) -> dict[str, Any]:
    catalog = snapshot.catalog
    databases = catalog.of(Database)
    locale = " ".join(
        f"{d.encoding} {d.collate} {d.ctype} {d.locale_provider} {d.locale}".strip()
        for d in databases
    )
    return {
        "format": FORMAT,
        "schema_version": SCHEMA_VERSION,
        "taken_at": snapshot.taken_at,
        "of": snapshot.of,
        "database": snapshot.database,
        "role": catalog.role,
        "server_version_num": catalog.server_version_num,
        "locale": locale,
        "hash": schema_hash(catalog, object_hashes),
        "fingerprint": catalog.fingerprint,
        "left_out": dict(catalog.left_out),
        "unread": list(catalog.unread),
    }


def _json(value: Any) -> str:
    text = _READABLE(value)
    try:
        text.encode()
    except UnicodeEncodeError:  # a lone surrogate, from a database without an encoding
        return json.dumps(value)
    return text


_READABLE: Final = json.JSONEncoder(ensure_ascii=False).encode


def _document(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text("utf-8"), object_pairs_hook=_no_key_twice)
    except OSError as error:
        raise SnapshotInvalid(
            path, f"cannot be read: {error.strerror}", "name another file, or " + _AGAIN
        ) from error
    except UnicodeDecodeError as error:
        raise SnapshotInvalid(
            path, f"it is no text in UTF-8 (byte {error.start})", "name another file, or " + _AGAIN
        ) from error
    except _KeyTwice as error:
        raise SnapshotInvalid(path, f"the key {error} stands twice in one object") from error
    except json.JSONDecodeError as error:
        raise SnapshotInvalid(
            path,
            f"it is no JSON: {error.msg} at line {error.lineno}, column {error.colno}",
            "see that it is the whole file, or " + _AGAIN,
        ) from error
    except RecursionError as error:
        raise SnapshotInvalid(path, "it is no snapshot: its JSON is nested too deep") from error
    if not isinstance(document, dict):
        raise SnapshotInvalid(path, f"it is JSON, but its format is not {FORMAT!r}")
    return document


class _KeyTwice(ValueError):
    pass


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise _KeyTwice(repr(next(key for key in keys if keys.count(key) > 1)))
    return found


def _check_header(path: Path, document: Mapping[str, Any]) -> None:
    wrong = [f"key {key!r} is missing" for key in _HEADER if key not in document]
    wrong += [f"key {key!r} is unknown" for key in document if key not in _KEYS]
    wrong += [
        f"{key!r} is {type(document[key]).__name__}, not {wanted.__name__}"
        for key, wanted in _KEYS.items()
        if key in document and type(document[key]) is not wanted
    ]
    if not wrong:
        counts = document["left_out"].values()
        if any(type(count) is not int for count in counts):
            wrong.append("a count under 'left_out' is no number")
        if document["of"] not in _OF:
            wrong.append(f"'of' is none of {', '.join(_OF)}: {document['of']!r}")
        if any(type(sentence) is not str for sentence in document["unread"]):
            wrong.append("'unread' holds what is no text")
    if wrong:
        raise SnapshotInvalid(path, "; ".join(wrong))


def _objects(path: Path, objects: Mapping[str, Any]) -> Iterator[tuple[SchemaObject, str]]:
    """Each object with its hash."""
    known = {kind.KIND for kind in KINDS}
    for name in objects:
        if name not in known:
            raise SnapshotInvalid(path, f"objects: the kind {name!r} is unknown")
    for kind in KINDS:
        name, lines = kind.KIND, objects.get(kind.KIND, [])
        if not isinstance(lines, list):
            raise SnapshotInvalid(path, f"objects: {name!r} is no list")
        for number, line in enumerate(lines, 1):
            where = f"{name} {number} of {len(lines)}"
            try:
                thing = read_object(kind, line)
            except ValueInvalid as error:
                raise SnapshotInvalid(path, f"{where}: {error}") from error
            its_hash = object_hash(thing)
            if line["hash"] != its_hash:
                raise SnapshotInvalid(
                    path,
                    f"{where}, {thing.subject}: its hash does not match: the line was edited",
                )
            yield thing, its_hash


def _catalog(document: Mapping[str, Any], objects: list[SchemaObject]) -> Catalog:
    own = (Table, Column, Constraint, Index)
    return Catalog(
        server_version_num=document["server_version_num"],
        tables=tuple(t for t in objects if isinstance(t, Table)),
        columns=tuple(t for t in objects if isinstance(t, Column)),
        constraints=tuple(t for t in objects if isinstance(t, Constraint)),
        indexes=tuple(t for t in objects if isinstance(t, Index)),
        others=tuple(t for t in objects if not isinstance(t, own)),
        left_out=tuple(document["left_out"].items()),
        unread=tuple(document["unread"]),
        role=document["role"],
        fingerprint=document["fingerprint"],
    )
