"""The order and the halves of each tool's files, as the tool has them."""

from __future__ import annotations

from pgassay.analysis.sql_systems import Surroundings, sql_systems
from pgassay.facts.migration_system import MigrationSystem
from pgassay.facts.sql_text import SqlText

MAKE = "CREATE TABLE t (a int);"


def system(*files: str | tuple[str, str], around: Surroundings | None = None) -> MigrationSystem:
    texts = [SqlText(*((f, MAKE) if isinstance(f, str) else f)) for f in files]
    (only,) = sql_systems(texts, around or Surroundings())
    return only


def order(found: MigrationSystem) -> list[str]:
    return [f.location.path.rpartition("/")[2] for f in found.files]


def roles(found: MigrationSystem) -> dict[str, str]:
    return {f.location.path.rpartition("/")[2]: f.role for f in found.files}


def test_flyway_orders_by_numbers_then_repeatable_then_callbacks() -> None:
    found = system(
        *("m/V2__b.sql", "m/V1.10__c.sql", "m/V1_9__a.sql", "m/R__z.sql", "m/R__a.sql"),
        *("m/U2__b.sql", "m/beforeMigrate.sql", "m/afterEachMigrate__x.sql", "m/afterMigrate.sql"),
    )
    assert order(found)[:7] == [
        *("beforeMigrate.sql", "V1_9__a.sql", "V1.10__c.sql", "V2__b.sql", "R__a.sql", "R__z.sql"),
        "afterMigrate.sql",
    ]
    assert roles(found)["afterEachMigrate__x.sql"] == "after-each"
    assert found.files[3].version == "2"
    assert found.files[3].down is not None
    assert found.files[3].down.location.path == "m/U2__b.sql"
    assert [f.role for f in found.applied].count("undo") == 0


def test_flyway_begins_with_the_newest_baseline() -> None:
    found = system("m/V1__a.sql", "m/B2__b.sql", "m/V2__b.sql", "m/B1__a.sql", "m/V3__c.sql")
    assert [f.location.path for f in found.applied] == ["m/B2__b.sql", "m/V3__c.sql"]


def test_flyway_opens_no_transaction_where_none_may_be() -> None:
    alone = "CREATE INDEX CONCURRENTLY i ON t (a);"
    around = Surroundings(flyway_apart=frozenset(["m/V3__c.sql"]))
    found = system("m/V1__a.sql", ("m/V2__b.sql", alone), "m/V3__c.sql", around=around)
    assert [f.transaction for f in found.files] == [True, False, False]


def test_flyways_folders_are_one_but_for_the_databases() -> None:
    texts = [
        SqlText(path, MAKE)
        for path in ("m/V1__a.sql", "m/sub/V2__b.sql", "m/mysql/V3__c.sql", "m/postgres/V3__c.sql")
    ]
    found = {s.name: (s.dialect, order(s)) for s in sql_systems(texts)}
    assert found["m/postgres"] == ("postgresql", ["V1__a.sql", "V2__b.sql", "V3__c.sql"])
    assert found["m/mysql"][0] == "mysql"
    assert "m/sub" not in found


def test_golang_migrate_orders_by_number_and_sends_a_file_at_once() -> None:
    found = system(
        ("m/10_b.up.sql", f"{MAKE} {MAKE}"), "m/9_a.up.sql", "m/9_a.down.sql", "m/10_b.down.sql"
    )
    assert order(found) == ["9_a.up.sql", "10_b.up.sql"]
    assert [f.transaction for f in found.files] == [False, True]
    assert [f.down.location.path for f in found.files if f.down] == [
        *("m/9_a.down.sql", "m/10_b.down.sql")
    ]


def test_goose_splits_at_lines_that_end_and_keeps_marked_blocks_whole() -> None:
    text = (
        "-- +goose Up\nCREATE TABLE a (x int); SELECT 1;\nCREATE TABLE b\n (x int); -- so\n"
        "-- +goose StatementBegin\nDO $$\nBEGIN\n  NULL;\nEND $$;\n-- +goose StatementEnd\n"
        "-- +goose Down\nDROP TABLE a;\n"
    )
    (file,) = system(("m/001_a.sql", text)).files
    assert file.whole == (
        (2, "CREATE TABLE a (x int); SELECT 1;"),
        (3, "CREATE TABLE b\n (x int); -- so"),
        (6, "DO $$\nBEGIN\n  NULL;\nEND $$;"),
    )
    assert file.transaction
    assert file.down is not None
    assert (file.down.location.line, file.down.sql) == (12, "DROP TABLE a;")


def test_goose_without_a_transaction() -> None:
    text = f"-- +goose NO TRANSACTION\n-- +goose Up\n{MAKE}\n"
    assert not system(("m/1_a.sql", text)).files[0].transaction


def test_dbmate_applies_the_part_above_down() -> None:
    text = f"-- migrate:up transaction:false\n{MAKE}\n\n-- migrate:down\nDROP TABLE t;\n"
    (file,) = system(("m/2024_a.sql", text)).files
    assert file.up is not None
    assert file.up.sql.strip() == MAKE
    assert file.up.location.line == 1
    assert not file.transaction


def test_yoyo_follows_depends() -> None:
    found = system(("m/a.sql", f"-- depends: b\n{MAKE}"), ("m/b.sql", f"-- depends:\n{MAKE}"))
    assert order(found) == ["b.sql", "a.sql"]


def test_prisma_takes_folders_by_name_and_its_lock_for_the_dialect() -> None:
    around = Surroundings(prisma={"db/migrations": "sqlite"})
    found = system(
        *("db/migrations/2_b/migration.sql", "db/migrations/1_a/migration.sql"),
        "db/migrations/1_a/down.sql",
        around=around,
    )
    assert [f.version for f in found.files] == ["1_a", "2_b"]
    assert (found.name, found.dialect) == ("db/migrations", "sqlite")
    assert found.not_run == "it is written for sqlite"


def test_numbers_order_plain_files() -> None:
    assert order(system("migrations/10.sql", "migrations/9_b.sql", "migrations/v2_a.sql")) == [
        *("v2_a.sql", "9_b.sql", "10.sql")
    ]


def test_numbered_files_elsewhere_are_no_system() -> None:
    assert sql_systems([SqlText("reports/01_users.sql", MAKE)]) == ()
    assert sql_systems([SqlText("queries/R__x.sql", MAKE)]) == ()
    assert sql_systems([SqlText("m/001_a.down.sql", MAKE)]) == ()


def test_what_the_text_makes() -> None:
    text = (
        'CREATE TABLE IF NOT EXISTS "A b" (x int); alter table only s.T add y int;'
        "CREATE UNIQUE INDEX ON u (x); /* CREATE TABLE no (x int); */ DROP TABLE gone;"
        "CREATE TRIGGER g BEFORE INSERT ON v FOR EACH ROW EXECUTE FUNCTION f();"
    )
    found = system(("migrations/1.sql", text))
    assert found.makes == {("", "A b"), ("s", "t"), ("", "u"), ("", "v")}
    assert found.reads_whole
    assert not system(("migrations/1.sql", "DO $$ BEGIN END $$")).reads_whole
