"""How big production's tables are: from a file, or from the live database."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from pgassay.check import Check
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import Catalog, Table, TableName
from pgassay.facts.settings import MigrationsSettings, Settings
from pgassay.facts.table_size import TableSize, TableSizes
from pgassay.facts.unavailable import Unavailable
from pgassay.findings import Severity
from pgassay.flows import check as check_flow
from pgassay.flows.check import CheckRequest, check
from pgassay.flows.gather import gather
from pgassay.flows.opened_project import open_project
from pgassay.flows.scratch_once import ScratchOnce
from pgassay.flows.wanted import Wanted
from pgassay.postgres.binaries import find_binaries
from pgassay.postgres.scratch import Database
from pgassay.postgres.scratch_server import ScratchServer
from pgassay.render.markdown import render_markdown
from pgassay.sources.configuration import ConfigurationError
from pgassay.sources.snapshot_file import Snapshot, snapshot_text
from pgassay.verdict import Verdict

TAKEN_AT = "2026-11-01T10:00:00+00:00"
ORDERS = {("public", "orders"): TableSize(3 << 30, 1 << 20, 40_000_000)}
NOWHERE = "postgresql://somebody@127.0.0.1:1/nothing"


@pytest.fixture(scope="module")
def server() -> Iterator[ScratchServer]:
    with ScratchServer(find_binaries()) as started:
        yield started


@pytest.fixture
def live(server: ScratchServer) -> Iterator[Database]:
    made = server.create_database("live")
    with made.connect(autocommit=True) as connection:
        connection.execute("CREATE TABLE held (a int); INSERT INTO held VALUES (1); ANALYZE held")
    yield made
    server.drop_database(made)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [n for n in os.environ if n.startswith(("PG", "DATABASE_URL"))]:
        monkeypatch.delenv(name)
    (tmp_path / "pgassay.toml").write_text("")
    return tmp_path


def write(path: Path, sizes: dict[TableName, TableSize] | None = ORDERS) -> Path:
    catalog = Catalog(180006, (Table("public", "orders"),))
    path.write_text("".join(snapshot_text(Snapshot(catalog, "database", "shop", TAKEN_AT, sizes))))
    return path


def gathered(
    root: Path,
    *,
    url: str | None = None,
    sizes: Path | None = None,
    configured: str = "",
    fields: tuple[str, ...] = ("sizes",),
) -> Assay:
    opened = open_project(root, None)
    settings = Settings(migrations=MigrationsSettings(configured))
    wanted = Wanted(opened.root, settings, url, sizes=sizes, fields=frozenset(fields))
    with ScratchOnce(None) as scratch:
        return gather(wanted, opened.project, opened.files, scratch, lambda _: None)


def test_the_live_database_tells(root: Path, live: Database) -> None:
    assay = gathered(root, url=live.url())
    assert isinstance(assay.sizes, TableSizes)
    assert assay.sizes.source == "the live database"
    assert assay.sizes.at[:4].isdigit()
    assert assay.sizes.sizes == {("public", "held"): TableSize(8192, 0, 1)}
    assert assay.unavailable == ()


@pytest.mark.parametrize("how", ["flag", "configuration"])
def test_a_file_tells_and_no_database_is_met(root: Path, how: str) -> None:
    write(root / "production.json")
    assay = (
        gathered(root, url=NOWHERE, sizes=root / "production.json")
        if how == "flag"
        else gathered(root, url=NOWHERE, configured="production.json")
    )
    assert assay.sizes == TableSizes("production.json", TAKEN_AT, ORDERS)
    assert (assay.live, assay.unavailable) == (None, ())
    assert "production.json" in assay.project.files_read


def test_the_flag_comes_before_the_configuration_and_both_before_the_database(
    root: Path, live: Database, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = write(tmp_path_factory.mktemp("elsewhere") / "other.json", {})
    write(root / "production.json")
    fields = ("sizes", "live")
    assay = gathered(root, url=live.url(), configured="production.json", fields=fields)
    assert isinstance(assay.live, Catalog)
    assert assay.sizes == TableSizes("production.json", TAKEN_AT, ORDERS)
    assay = gathered(root, sizes=elsewhere, configured="production.json")
    assert assay.sizes == TableSizes(str(elsewhere), TAKEN_AT, {})


def test_what_nobody_wants_is_not_read(root: Path, live: Database) -> None:
    assay = gathered(root, url=live.url(), sizes=root / "none.json", fields=("live",))
    assert isinstance(assay.live, Catalog)
    assert assay.sizes is None


def test_a_file_that_tells_nothing_ends_the_run(root: Path) -> None:
    path = write(root / "production.json", None)
    for options in ({"sizes": path}, {"configured": "production.json"}):
        with pytest.raises(ConfigurationError) as refused:
            gathered(root, **options)
        assert str(refused.value) == (
            "production.json does not tell how big production's tables are: it is a snapshot "
            f"without sizes, taken at {TAKEN_AT}\n"
            "next: pgassay schema snapshot --with-stats --out production.json"
        )
    write(path)
    document = json.loads(path.read_text())
    document["sizes"][0]["bytes"] = 5
    path.write_text(json.dumps(document))
    with pytest.raises(ConfigurationError, match="its checksum does not match"):
        gathered(root, sizes=path)
    with pytest.raises(ConfigurationError, match=r"gone.json does not tell .*: No such file"):
        gathered(root, configured="gone.json")


def test_what_could_not_be_had_is_said(root: Path, live: Database) -> None:
    with live.connect() as holder:
        holder.execute("LOCK TABLE held IN ACCESS EXCLUSIVE MODE")
        assay = gathered(root, url=live.url())
    assert isinstance(assay.sizes, Unavailable)
    assert assay.unavailable == (assay.sizes,)
    assert "keeps a table locked" in assay.sizes.reason
    assert "nothing listens at 127.0.0.1:1" in gathered(root, url=NOWHERE).unavailable[0].reason
    assert gathered(root).unavailable[0].reason == "No live database was named."


def test_the_report_says_where_they_are_from(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    big = Check("DRF999", "big", Severity.WARNING, lambda _check, _assay: (), needs=("sizes",))
    monkeypatch.setattr(check_flow, "ALL", (big,))
    (root / "pgassay.toml").write_text('[migrations]\nsizes = "sub/production.json"\n')
    (root / "sub").mkdir()
    write(root / "sub" / "production.json")
    report = check(CheckRequest(root, database_url=NOWHERE), lambda _: None)
    assert report.verdict is Verdict.CLEAR
    assert report.facts["sizes"] == {
        "source": "sub/production.json",
        "at": TAKEN_AT,
        "tables": 1,
    }
    assert "sub/production.json" in report.facts["files_analysed"]
    said = "- **Table sizes:** sub/production.json, 2026-11-01 10:00:00 UTC\n"
    assert said in render_markdown(report)
    monkeypatch.chdir(root / "sub")
    write(root / "sub" / "other.json", {})
    report = check(CheckRequest(root, sizes=Path("other.json")), lambda _: None)
    assert report.facts["sizes"]["source"] == "sub/other.json"
