"""The corpus of planted drifts, on every PostgreSQL here: each found, and nothing else named."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from pgassay.analysis.schema_diff import compare, unsettled
from pgassay.facts.catalog import Catalog, Extension, Sequence
from pgassay.facts.comparison import Comparison
from pgassay.postgres.binaries import all_binaries
from pgassay.postgres.scratch import Database
from pgassay.postgres.scratch_server import ScratchServer
from pgassay.sources.catalog import read_catalog
from pgassay.sources.reparsed_texts import reparse
from tests.drift_corpus import expected, further
from tests.drift_corpus.expected import Expected

_FOLDER = Path(__file__).parent / "drift_corpus"
_BASE = (_FOLDER / "base.sql").read_text() + (_FOLDER / "more.sql").read_text()
_CASES = json.loads((_FOLDER / "cases.json").read_text())
_BINARIES = {binaries.major: binaries for binaries in all_binaries()}
_MAJORS = sorted(_BINARIES)
_FIRST_VERSION = {**expected.FIRST_VERSION, **further.FIRST_VERSION}


@dataclass
class Corpus:
    """One server with the base on it."""

    server: ScratchServer
    base: Database
    catalog: Catalog

    def after(self, sql: str) -> Catalog:
        changed = self.server.create_database("case", template=self.base.name)
        try:
            with changed.connect(autocommit=True) as connection:
                connection.execute(sql.encode())
                return read(connection)
        finally:
            self.server.drop_database(changed)


def read(connection: object) -> Catalog:
    catalog = read_catalog(connection)  # type: ignore[arg-type]
    assert isinstance(catalog, Catalog), catalog
    assert catalog.unread == ()
    return catalog


def compared(server: ScratchServer, sides: Mapping[str, Catalog]) -> Comparison:
    """As a run does it: the texts that differ are put through one server."""
    comparison = compare(sides)
    reparsed = {}
    for side, keys in unsettled(sides, comparison).items():
        database = server.create_database("texts")
        try:
            reparsed[side] = reparse(database, sides[side], keys)
        finally:
            server.drop_database(database)
        assert [text.failed for text in reparsed[side].values() if text.failed] == []
    return compare(sides, reparsed=reparsed) if reparsed else comparison


def said(comparison: Comparison) -> list[tuple[str, str, str, dict[str, str]]]:
    return [(d.kind, d.subject, d.property, dict(d.values)) for d in comparison.differences]


class Corpora:
    """One corpus a version, made when it is first asked for; one that fails is not tried again."""

    def __init__(self, servers: ExitStack) -> None:
        self._servers = servers
        self._made: dict[int, Corpus | Exception] = {}

    def of(self, major: int) -> Corpus:
        if major not in self._made:
            try:
                self._made[major] = self._make(major)
            except Exception as failed:
                self._made[major] = failed
        made = self._made[major]
        if isinstance(made, Exception):
            raise made
        return made

    def _make(self, major: int) -> Corpus:
        server = self._servers.enter_context(ScratchServer(_BINARIES[major]))
        base = server.create_database("base")
        with base.connect(autocommit=True) as connection:
            connection.execute("CREATE ROLE app_ro; CREATE ROLE app_rw")
            connection.execute(_BASE.encode())
            return Corpus(server, base, read(connection))


@pytest.fixture(scope="session")
def corpora() -> Iterator[Corpora]:
    with ExitStack() as servers:
        yield Corpora(servers)


def cases(names: Mapping[str, object]) -> list[pytest.param]:  # type: ignore[valid-type]
    return [
        pytest.param(major, name, id=f"pg{major}-{name}")
        for major in _MAJORS
        for name in names
        if major >= _FIRST_VERSION.get(name, 0)
    ]


DRIFT_SQL = {case["name"]: case["sql"] for case in _CASES["drifts"]}
EQUIVALENT_SQL = {case["name"]: case["sql"] for case in _CASES["equivalents"]} | further.SAME_AGAIN


def test_every_case_has_its_expectation() -> None:
    assert DRIFT_SQL.keys() == expected.DRIFTS.keys()
    assert len(DRIFT_SQL) == 63
    assert len(_CASES["equivalents"]) == 6


@pytest.mark.parametrize(("major", "name"), cases(DRIFT_SQL))
def test_drift_of_the_corpus(corpora: Corpora, major: int, name: str) -> None:
    wanted = expected.DRIFTS[name]
    if major < 16:
        wanted = expected.BEFORE_16.get(name, wanted)
    assert_found(corpora.of(major), DRIFT_SQL[name], wanted)


@pytest.mark.parametrize(("major", "name"), cases(further.FURTHER))
def test_further_drift(corpora: Corpora, major: int, name: str) -> None:
    assert_found(corpora.of(major), *further.FURTHER[name])


def assert_found(corpus: Corpus, sql: str, wanted: list[Expected]) -> None:
    sides = {"before": corpus.catalog, "after": corpus.after(sql)}
    comparison = compared(corpus.server, sides)
    found = said(comparison)
    for place, (_, _, _, old, new) in enumerate(wanted[: len(found)]):
        if (old, new) == (further.ANYTHING, further.ANYTHING):
            values = found[place][3]
            assert values["before"] != values["after"]
            values["before"] = values["after"] = further.ANYTHING
    assert found == [
        (kind, subject, prop, {"before": old, "after": new})
        for kind, subject, prop, old, new in wanted
    ]
    assert comparison.left_out == ()


@pytest.mark.parametrize(("major", "name"), cases(EQUIVALENT_SQL))
def test_equivalent(corpora: Corpora, major: int, name: str) -> None:
    corpus = corpora.of(major)
    sides = {"before": corpus.catalog, "after": corpus.after(EQUIVALENT_SQL[name])}
    assert said(compared(corpus.server, sides)) == []


@pytest.mark.parametrize("major", _MAJORS)
def test_dump_and_restore(corpora: Corpora, tmp_path: Path, major: int) -> None:
    corpus = corpora.of(major)
    restored = corpus.server.create_database("restored")
    folder, dump = _BINARIES[major].bin_dir, tmp_path / "dump.sql"
    parameters = corpus.server.parameters(corpus.base.name)
    where = ["-h", parameters["host"], "-p", parameters["port"], "-U", parameters["user"]]
    clean = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    subprocess.run(
        [folder / "pg_dump", *where, "-f", dump, corpus.base.name], check=True, env=clean
    )
    quiet = ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-o", os.devnull]
    subprocess.run(
        [folder / "psql", *where, *quiet, "-d", restored.name, "-f", dump], check=True, env=clean
    )
    with restored.connect(autocommit=True) as connection:
        sides = {"source": corpus.catalog, "restored": read(connection)}
    found = said(compared(corpus.server, sides))
    # A dump names no extension version: the restored one has the newest.
    versions = {e.version for e in corpus.catalog.of(Extension) if e.name == "hstore"}
    assert versions == {"1.7"}
    assert [(kind, subject, prop) for kind, subject, prop, _ in found] == [
        ("extension", "hstore", "version")
    ]
    corpus.server.drop_database(restored)


@pytest.mark.parametrize("older", _MAJORS[:-1])
def test_the_same_statements_on_another_version(corpora: Corpora, older: int) -> None:
    newest = corpora.of(_MAJORS[-1])
    sides = {"older": corpora.of(older).catalog, "newest": newest.catalog}
    found = said(compared(newest.server, sides))
    # Each version comes with its own of an extension whose version the base does not name.
    assert [d for d in found if d[:3] != ("extension", "citext", "version")] == []


def test_what_a_restore_loses_is_found(corpora: Corpora) -> None:
    """The comparison that was silent above speaks when something is left out of the dump."""
    corpus = corpora.of(_MAJORS[-1])
    whole = corpus.catalog
    for thing in whole.others:
        if isinstance(thing, Sequence) and thing.identity_column:
            continue  # it cannot be missing where its column is there
        cut = Catalog(
            whole.server_version_num,
            whole.tables,
            whole.columns,
            whole.constraints,
            whole.indexes,
            tuple(other for other in whole.others if other is not thing),
        )
        found = compare({"source": whole, "restored": cut}).differences
        assert found, thing


def test_hints_and_what_goes_along(corpora: Corpora) -> None:
    corpus = corpora.of(_MAJORS[-1])

    def differences(sql: str) -> Comparison:
        return compare({"before": corpus.catalog, "after": corpus.after(sql)})

    old, new = differences(DRIFT_SQL["col rename"]).differences
    assert (old.renamed_from, new.renamed_from) == ("note2", "note")
    (schema,) = differences(further.FURTHER["schema with everything in it"][0]).differences
    assert schema.also == ("table t", "function f()")
    (table,) = differences("drop table app.own").differences
    assert table.also == ("sequence own_id_seq", "column id", "constraint own_pkey")
    (column,) = differences("alter table app.list add column w int").differences
    assert column.also == ("column list_1.w",)
    (view,) = differences(further.FURTHER["table becomes a view"][0]).differences
    assert view.also == ("column k", "column v", "constraint cache_pkey")
