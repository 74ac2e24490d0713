"""Build the 'production' database of this example in an empty database.

    python production/build_production.py --url postgresql://postgres@localhost/mita

1. the first history (alembic/), up to its head;
2. applied_by_hand.sql: part of the second history (migrations/), typed in by an operator;
3. hotfix.sql: what was changed during an incident and never written down;
4. a few hundred rows, the same ones every time; none with --no-rows.

generate_data.py, beside this, fills it with as many as you like.
"""

import argparse
import random
import sys
import uuid
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

sys.dont_write_bytecode = True  # leave no __pycache__ in the example

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT))  # for the models that alembic/env.py imports

import psycopg2  # noqa: E402
from alembic import command  # noqa: E402
from alembic.config import Config  # noqa: E402
from psycopg2.extras import Json, execute_values, register_uuid  # noqa: E402
from sqlalchemy.engine import make_url  # noqa: E402

NOW = datetime(2025, 9, 1, 12, 0, tzinfo=timezone.utc)

CATEGORIES = ["groceries", "rent", "transport", "coffee", "health", "clothing", "fun"]
MERCHANTS = ["Corner Market", "Metro", "Blue Cup", "City Pharmacy", "Book Nook", "Grid Power"]
COUNTRIES = {
    "US": ("USD", ["America/New_York", "America/Chicago", "America/Los_Angeles"]),
    "DE": ("EUR", ["Europe/Berlin"]),
    "GB": ("GBP", ["Europe/London"]),
}
RATES = {"USD": Decimal("1.00000000"), "EUR": Decimal("1.16874210"), "GBP": Decimal("1.35061875")}


def make_rows() -> dict[str, list[dict]]:
    """Return the rows of each table, parents first. Always the same."""
    rng = random.Random(2025)

    def new_id() -> uuid.UUID:
        return uuid.UUID(int=rng.getrandbits(128), version=4)

    def past(days: int) -> datetime:
        return NOW - timedelta(seconds=rng.randrange(1, days * 86_400))

    def money(low: int, high: int) -> Decimal:
        return Decimal(rng.randint(low * 100, high * 100)).scaleb(-2)

    rows: dict[str, list[dict]] = {}

    users = rows["users"] = []
    for n in range(1, 41):
        country = rng.choice(["US", "US", "US", "DE", "GB"])
        joined = NOW - timedelta(days=150, seconds=rng.randrange(25 * 86_400))
        premium_until = past(120) + timedelta(days=365) if rng.random() < 0.5 else None
        users.append(
            {
                "id": new_id(),
                "email": f"user{n:02d}@example.com",
                "password_hash": "not-a-real-hash",
                "country": country,
                "timezone": rng.choice(COUNTRIES[country][1]),
                "annual_income": money(18_000, 140_000) if rng.random() < 0.9 else None,
                "is_premium": premium_until is not None,
                "premium_until": premium_until,
                "created_at": joined,
            }
        )
    ids = [user["id"] for user in users]
    currency_of = {user["id"]: COUNTRIES[user["country"]][0] for user in users}

    transactions = rows["transactions"] = []
    for n in range(400):
        user_id = rng.choice(ids)
        spent_at = past(120)
        transactions.append(
            {
                "id": new_id(),
                "user_id": user_id,
                "category": rng.choice(CATEGORIES),
                "amount": money(1, 400),
                "currency": currency_of[user_id],
                "exchange_rate": RATES[currency_of[user_id]],
                "merchant": rng.choice(MERCHANTS),
                "spent_at": spent_at,
                "created_at": spent_at + timedelta(minutes=rng.randint(1, 600)),
                "refund_reference": f"RF-2025-{n:05d}" if n % 67 == 5 else None,
            }
        )

    expenses = rows["expenses"] = []
    for _ in range(200):
        noted_at = past(120)
        expenses.append(
            {
                "id": new_id(),
                "user_id": rng.choice(ids),
                "category": rng.choice(CATEGORIES),
                "amount": money(1, 250),
                "date": noted_at.date(),
                "note": rng.choice([None, None, "cash", "split with a friend"]),
                "created_at": noted_at,
            }
        )

    goals = rows["goals"] = []
    for n in range(60):
        target = money(100, 8_000)
        # Every twelfth goal is filled by splitting a sum in three, which is never rounded.
        saved = Decimal(rng.randint(50, 500)) / 3 if n % 12 == 7 else target / 4
        goals.append(
            {
                "id": new_id(),
                "user_id": rng.choice(ids),
                "title": rng.choice(["Holiday", "New laptop", "Rainy day", "Car", "Moving"]),
                "target_amount": target,
                "saved_amount": saved if n % 12 == 7 else saved.quantize(Decimal("0.01")),
                "deadline": date(2025, 12, 31) + timedelta(days=rng.randint(0, 400)),
                "created_at": past(120),
            }
        )

    rows["subscriptions"] = []
    for user in users:
        if user["is_premium"]:
            starts_at = user["premium_until"] - timedelta(days=365)
            rows["subscriptions"].append(
                {
                    "id": new_id(),
                    "user_id": user["id"],
                    "store": rng.choice(["app_store", "play_store"]),
                    "plan": "premium",
                    "price": Decimal("59.99"),
                    "currency": currency_of[user["id"]],
                    "status": "active",
                    "receipt": Json({"order": f"MITA-{rng.randrange(10**8):08d}"}),
                    "plan_starts_at": starts_at,
                    "plan_expires_at": user["premium_until"],
                    "created_at": starts_at,
                }
            )

    rows["push_tokens"] = [
        {
            "id": new_id(),
            "user_id": user_id,
            "token": f"example-token-{rng.getrandbits(96):024x}",
            "created_at": past(110),
        }
        for user_id in ids + rng.sample(ids, 8)
    ]

    moods = rows["moods"] = []
    for _ in range(80):
        felt_at = past(90)
        moods.append(
            {
                "user_id": rng.choice(ids),
                "date": felt_at.date(),
                "mood": rng.choice(["calm", "stressed", "happy", "tired"]),
                "score": round(rng.random(), 4),
                "created_at": felt_at,
            }
        )
    rows["habits"] = [
        {
            "id": new_id(),
            "user_id": user_id,
            "title": rng.choice(["No coffee to go", "Cook at home", "Walk to work"]),
            "progress": round(rng.random(), 3),
            "created_at": past(90),
        }
        for user_id in rng.sample(ids, 25)
    ]
    rows["daily_plan"] = [
        {
            "id": new_id(),
            "user_id": user_id,
            "date": date(2025, 9, 1),
            "category": category,
            "planned_amount": money(5, 60),
            "spent_amount": money(0, 60),
            "details": Json({"source": "template"}),
            "created_at": NOW,
        }
        for user_id in ids
        for category in ("groceries", "coffee")
    ]
    rows["user_answers"] = [
        {
            "id": new_id(),
            "user_id": user["id"],
            "question": question,
            "answer": rng.choice(["yes", "no", "sometimes"]),
            "created_at": user["created_at"] + timedelta(minutes=3),
        }
        for user in users
        for question in ("saves_monthly", "has_debt")
    ]
    rows["notification_logs"] = [
        {
            "user_id": rng.choice(ids),
            "channel": rng.choice(["push", "email"]),
            "message": "Your weekly budget is ready",
            "success": rng.random() < 0.95,
            "sent_at": past(60),
        }
        for _ in range(50)
    ]
    return rows


def upgrade_first_history(url: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "alembic").replace("%", "%%"))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    command.upgrade(config, "head")


def insert(cursor, table: str, rows: list[dict]) -> None:
    columns = list(rows[0])
    execute_values(
        cursor,
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES %s",
        [[row[column] for column in columns] for row in rows],
        page_size=500,
    )


def build(url: str, with_rows: bool = True) -> dict[str, int]:
    """Build the database at `url` and return the number of rows of each table."""
    parsed = make_url(url).set(drivername="postgresql+psycopg2")
    upgrade_first_history(parsed.render_as_string(hide_password=False))

    arguments = parsed.translate_connect_args(username="user", database="dbname")
    connection = psycopg2.connect(**{**arguments, **parsed.query})
    try:
        register_uuid(conn_or_curs=connection)
        with connection, connection.cursor() as cursor:
            for name in ("applied_by_hand.sql", "hotfix.sql"):
                cursor.execute((HERE / name).read_text(encoding="utf-8"))
            rows = make_rows() if with_rows else {}
            for table, table_rows in rows.items():
                insert(cursor, table, table_rows)
    finally:
        connection.close()
    return {table: len(table_rows) for table, table_rows in rows.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description="Build the example's production database.")
    parser.add_argument("--url", required=True, help="postgresql:// URL of an empty database")
    parser.add_argument("--no-rows", action="store_true", help="leave its tables empty")
    arguments = parser.parse_args()
    counts = build(arguments.url, not arguments.no_rows)
    print(", ".join(f"{table}: {count}" for table, count in counts.items()) or "no rows")


if __name__ == "__main__":
    main()
