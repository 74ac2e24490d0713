"""The example's generator: what it says it planted is there, and nothing else is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from pgassay.postgres.scratch_server import ScratchServer
from tests.planted.data_oracle import amounts, ask, inconsistent
from tests.planted.generated_data import Generated, build, script

KINDS = (
    *("orphans", "orphans_behind_fk", "negatives", "emails", "sub_cent", "nan", "infinite"),
    *("overflow", "future", "pre_epoch", "currency", "unbalanced", "headers"),
)
SEEDS = (1, 2, 20250903)


@pytest.fixture(scope="module")
def generated(
    planted_server: ScratchServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Generated]:
    database = planted_server.create_database("generated")
    build(database)
    yield Generated(database, tmp_path_factory.mktemp("truth") / "planted.json")
    planted_server.drop_database(database)


def exact(amounts: dict[str, str]) -> dict[str, Decimal]:
    return {currency: Decimal(amount) for currency, amount in amounts.items()}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_clean_one_is_clean(generated: Generated, seed: int) -> None:
    truth = generated.fill(200, 3_000, seed, "--defects=none")
    assert {kind: found["count"] for kind, found in truth["defects"].items()} == dict.fromkeys(
        KINDS, 0
    )
    with generated.database.connect() as connection:
        assert ask(connection) == {}
        assert inconsistent(connection) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_exactly_what_is_planted_is_there(generated: Generated, seed: int) -> None:
    truth = generated.fill(200, 3_000, seed)
    assert all(truth["defects"][kind]["count"] > 0 for kind in KINDS)
    with generated.database.connect() as connection:
        assert ask(connection) == generated.planted()
        assert inconsistent(connection) == []


@pytest.mark.parametrize("kind", KINDS)
def test_leaving_a_kind_out_removes_exactly_it(generated: Generated, kind: str) -> None:
    everything = generated.fill(200, 3_000, 7)["defects"]
    truth = generated.fill(200, 3_000, 7, f"--defects=all,{kind}=0")["defects"]
    assert truth.pop(kind)["count"] == 0
    assert everything.pop(kind)["count"] > 0
    assert truth == everything
    with generated.database.connect() as connection:
        assert ask(connection) == generated.planted()


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_alone_comes_in_the_number_asked_for(generated: Generated, kind: str) -> None:
    truth = generated.fill(200, 3_000, 8, f"--defects={kind}=5")
    assert {k for k, found in truth["defects"].items() if found["count"]} == {kind}
    assert truth["defects"][kind]["count"] == 5
    with generated.database.connect() as connection:
        assert ask(connection) == generated.planted()


def test_the_amounts_are_exact(generated: Generated) -> None:
    truth = generated.fill(200, 3_000, 3)["defects"]
    compared = 0
    with generated.database.connect() as connection:
        for kind in ("orphans_behind_fk", "negatives", "sub_cent", "overflow", "pre_epoch"):
            for place in truth[kind]["places"]:
                money = {"subscriptions": "price", "goals": "saved_amount"}
                table = place["table"].partition(".")[2]
                column = money.get(table, "spent_amount" if table == "daily_plan" else "amount")
                total, rounding = amounts(connection, place["table"], column, place["keys"])
                assert exact(place["amounts"]) == exact(total)
                if "rounding" in place:
                    assert exact(place["rounding"]) == exact(rounding)
                assert ("rounding" in place) == (kind in ("sub_cent", "overflow"))
                compared += 1
        unbalanced = connection.execute(
            "SELECT currency, sum(rest) FROM (SELECT currency, sum(amount) AS rest "
            "FROM ledger.journal_entries GROUP BY journal_id, currency) AS rests "
            "GROUP BY 1 HAVING sum(abs(rest)) > 0"
        ).fetchall()
    assert compared >= 12
    (place,) = truth["unbalanced"]["places"]
    assert exact(place["amounts"]) == dict(unbalanced)


def test_the_same_arguments_make_the_same_rows(generated: Generated) -> None:
    truth = generated.fill(100, 1_000, 5)
    first = generated.digests()
    assert generated.fill(100, 1_000, 5) == truth
    assert generated.digests() == first
    generated.fill(100, 1_000, 6)
    # The accounts are the same in every ledger.
    assert [t for t, d in generated.digests().items() if d == first[t]] == ["ledger.accounts"]


def test_the_schema_is_as_it_was_built(generated: Generated) -> None:
    """Indexes are dropped while rows come in; they are there again, and sequences are ahead."""
    generated.fill(50, 500, 1)
    with generated.database.connect() as connection:
        indexes = connection.execute(
            "SELECT indexname FROM pg_indexes WHERE schemaname = 'public' "
            "AND indexname LIKE 'ix%' ORDER BY 1"
        ).fetchall()
        ahead = connection.execute(
            "SELECT nextval('moods_id_seq'), nextval('notification_logs_id_seq')"
        ).fetchone()
    assert [name for (name,) in indexes] == [
        "ix_goals_user_id",
        "ix_push_tokens_user_id",
        "ix_transactions_user_id_spent_at",
        "ix_users_email",
    ]
    assert ahead == (101, 101)


@pytest.mark.parametrize(("users", "transactions"), [(0, 0), (1, 0), (1, 1), (3, 7), (40, 25)])
def test_any_size(generated: Generated, users: int, transactions: int) -> None:
    """As many rows as asked for; of a kind at most as many defects as there is room for."""
    truth = generated.fill(users, transactions, 4)
    rows = truth["rows"]
    assert (rows["users"], rows["transactions"]) == (users, transactions)
    assert rows["expenses"] == transactions // 2
    assert ("ledger.journals" in rows) == (transactions > 0)
    generated.fill(users, transactions, 4, "--ledger")
    with generated.database.connect() as connection:
        assert ask(connection) == generated.planted()
        assert inconsistent(connection) == []


def test_without_the_ledger(generated: Generated) -> None:
    truth = generated.fill(50, 500, 1, "--no-ledger")
    assert not [table for table in truth["rows"] if table.startswith("ledger")]
    assert truth["defects"]["unbalanced"]["count"] == truth["defects"]["headers"]["count"] == 0
    with generated.database.connect() as connection:
        assert connection.execute("SELECT to_regnamespace('ledger')").fetchone() == (None,)


def test_some_spend_more_and_amounts_have_their_currencys_decimals(generated: Generated) -> None:
    generated.fill(500, 5_000, 1, "--defects=none")
    with generated.database.connect() as connection:
        (share,) = connection.execute(
            "SELECT sum(n) FILTER (WHERE place <= 50) / sum(n) FROM (SELECT count(*) AS n, "
            "row_number() OVER (ORDER BY count(*) DESC) AS place FROM transactions "
            "GROUP BY user_id) AS users"
        ).fetchone() or (0,)
        currencies = connection.execute("SELECT DISTINCT currency FROM transactions").fetchall()
        thousandths = connection.execute(
            "SELECT DISTINCT currency FROM ledger.card_fees WHERE amount::text LIKE '%.___'"
        ).fetchall()
        badly_cast = connection.execute(
            "SELECT count(*) FROM ledger.card_fees WHERE tip::numeric <> tip::text::numeric"
        ).fetchone()
        progress = connection.execute("SELECT max(length(progress::text)) FROM habits").fetchone()
    assert 0.35 < share < 0.65  # a tenth of the users
    assert {c for (c,) in currencies} == {"USD", "EUR", "GBP", "JPY", "KWD"}
    assert thousandths == [("KWD",)]
    # Exact as text: only a careless cast makes these differ.
    assert badly_cast is not None
    assert badly_cast[0] > 0
    assert progress is not None
    assert progress[0] > 15


def test_wrong_arguments_are_told_all_at_once(tmp_path: Path) -> None:
    missing = tmp_path / "missing" / "planted.json"
    done = script(
        *("generate_data.py", "--users=-1", "--transactions=many", "--seed=1.5", "--today=soon"),
        *("--defects=nan=x,typos", f"--truth={missing}"),
    )
    assert done.returncode == 2
    lines = done.stderr.splitlines()
    nothing, users, transactions, seed, today, nan, typos, url, truth = lines
    assert nothing == "generate_data.py: nothing was done."
    assert users == "--users: '-1' is no whole number from 0 on; write --users 1000"
    assert transactions.startswith("--transactions: 'many'")
    assert seed.startswith("--seed: '1.5'")
    assert today == "--today: 'soon' is no day; write --today 2025-09-01"
    assert nan == "--defects: nan needs a number from 0 on, as in nan=3"
    assert typos.startswith("--defects: typos is no kind; write none, all or KIND=N with one of")
    assert url.startswith("--url: which database? write --url postgresql://")
    assert truth == f"--truth: {missing.parent} is no folder; make it first"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--users=0", "--transactions=5"), "--transactions: each needs a user; write --users 1"),
        (("--users=3", "--defects=emails=2"), "emails=2 does not fit into so few rows; write ema"),
        (("--no-ledger", "--defects=headers=1"), "write headers=0 at most.*, with --ledger"),
        (("--users=99999999999",), "--users: 99999999999 is too many; write at most 100000000"),
        (("--seed=1" + 9999 * "0",), "is too many; write at most 1000000000000000000"),
        (("--truth=/",), "--truth: / is a folder; write --truth /planted.json"),
        (("--today=0001-01-01",), "--today: 0001-01-01 is too far away; write a day from 1980"),
    ],
)
def test_what_cannot_be_is_told(arguments: tuple[str, ...], told: str) -> None:
    done = script("generate_data.py", "--dry-run", *arguments)
    assert done.returncode == 2
    assert re.search(told, done.stderr), done.stderr


def test_a_dry_run_says_what_would_be_planted() -> None:
    done = script("generate_data.py", "--dry-run", "--users=90", "--transactions=900")
    assert done.returncode == 0
    assert "sub_cent: 4 in transactions, 4 in goals, 4 in ledger.card_fees" in done.stdout


def test_only_invented_rows_are_replaced(
    generated: Generated, planted_server: ScratchServer
) -> None:
    url = f"--url={generated.database.url()}"
    generated.fill(50, 500, 1)
    again = script("generate_data.py", url)
    assert again.returncode == 1
    assert "There are rows already, in users, transactions" in again.stderr
    assert "Add --replace" in again.stderr
    before = generated.digests()
    with generated.database.connect() as connection:
        connection.execute("UPDATE users SET email = 'ann@bank.test' WHERE email LIKE 'user7@%'")
    real = script("generate_data.py", url, "--replace")
    assert "1 users have e-mails outside example.com: nothing is touched." in real.stderr
    after = generated.digests()
    assert [t for t in before if before[t] != after[t]] == ["users"]
    with generated.database.connect() as connection:
        connection.execute("UPDATE users SET email = 'u@example.com' WHERE email LIKE 'ann@%'")
        connection.execute("COMMENT ON SCHEMA ledger IS 'The bank''s own'")
    theirs = script("generate_data.py", url, "--replace")
    assert "Schema ledger is somebody else's" in theirs.stderr
    with generated.database.connect() as connection:
        connection.execute("DROP SCHEMA ledger CASCADE")
    other = planted_server.create_database("no_example")
    try:
        refused = script("generate_data.py", f"--url={other.url()}")
    finally:
        planted_server.drop_database(other)
    assert "This is not the example's production: it lacks users, transactions" in refused.stderr
    assert "build_production.py --no-rows --url URL" in refused.stderr


def test_a_server_that_is_not_there_is_told() -> None:
    done = script("generate_data.py", "--url=postgresql://nobody@127.0.0.1:1/mita")
    assert done.returncode == 1
    assert done.stderr.startswith("generate_data.py: nothing was changed; the database says:")
    assert "Traceback" not in done.stderr


def test_urls_are_taken_in_sqlalchemys_forms_and_never_repeated(generated: Generated) -> None:
    url = generated.database.url("asyncpg")
    done = script("generate_data.py", f"--url={url}", "--users=5", "--transactions=0", "--replace")
    assert done.returncode == 0, done.stderr
    wrong = script("generate_data.py", "--url=mysql://ann:topsecret@db/mita")
    assert wrong.returncode == 2
    assert "--url: which database?" in wrong.stderr
    assert "topsecret" not in wrong.stderr + wrong.stdout


def test_a_role_without_superuser_is_told_what_it_cannot_plant(
    planted_server: ScratchServer,
) -> None:
    database = planted_server.create_database("plain_role")
    with database.connect(autocommit=True) as connection:
        connection.execute("CREATE ROLE plain LOGIN")
        connection.execute("ALTER SCHEMA public OWNER TO plain")
        connection.execute(
            sql.SQL("GRANT CREATE ON DATABASE {} TO plain").format(sql.Identifier(database.name))
        )
    try:
        plain = replace(database, parameters={**database.parameters, "user": "plain"})
        build(plain)
        url = f"--url={plain.url()}"
        refused = script("generate_data.py", url, "--users=50", "--transactions=100")
        assert refused.returncode == 1
        assert "only a superuser may set" in refused.stderr
        assert "add to --defects: orphans_behind_fk=0" in refused.stderr
        done = script(
            *("generate_data.py", url, "--users=50", "--transactions=100"),
            "--defects=all,orphans_behind_fk=0",
        )
        assert done.returncode == 0, done.stderr
    finally:
        planted_server.drop_database(database)
        with psycopg.connect(planted_server.url(), autocommit=True) as connection:
            connection.execute("DROP ROLE plain")
