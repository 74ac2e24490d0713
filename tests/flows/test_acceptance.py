"""`pgassay check` with waivers and a baseline: only new trouble fails, and the unknown always."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from pgassay.flows.check import CheckRequest, check
from pgassay.sources.configuration import ConfigurationError
from pgassay.verdict import ItemStatus, Report, Verdict

URL = "postgresql://app:hunter2@db.example.com/app"
FIRST = "alembic.ini: sqlalchemy.url"
SECOND = "other.ini: sqlalchemy.url"
BASELINE = "pgassay-baseline.json"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with a password in a file."""
    (tmp_path / "pgassay.toml").write_text("")
    write_ini(tmp_path / "alembic.ini")
    return tmp_path


def write_ini(path: Path, url: str = URL) -> None:
    path.write_text(f"[alembic]\nscript_location = alembic\nsqlalchemy.url = {url}\n")


def run(root: Path, *select: str, **options: bool) -> Report:
    return check(CheckRequest(root, select=select or ("SEC001", "WAI"), **options), lambda _: None)  # type: ignore[arg-type]


def counting(report: Report) -> list[str]:
    return [f"{f.code} {f.subject}" for f in report.findings if not f.waived]


def waive(root: Path, until: date, subject: str = FIRST) -> None:
    (root / "pgassay.toml").write_text(
        "[[waivers]]\n"
        'code = "password-in-file"\n'
        f'subject = "{subject}"\n'
        'reason = "The role is closed."\n'
        'owner = "ana@example.com"\n'
        f"until = {until.isoformat()}\n"
    )


def test_from_the_baseline_on_only_new_trouble_fails(root: Path) -> None:
    assert run(root).verdict is Verdict.UNSAFE
    written = run(root, write_baseline=True)
    assert written.verdict is Verdict.CLEAR
    assert counting(written) == []
    kept = json.loads((root / BASELINE).read_text())
    assert [f["subject"] for f in kept["findings"]] == [FIRST]
    assert "hunter2" not in (root / BASELINE).read_text()
    assert run(root).verdict is Verdict.CLEAR

    write_ini(root / "other.ini")
    more = run(root)
    assert more.verdict is Verdict.UNSAFE
    assert counting(more) == [f"SEC001 {SECOND}"]

    (root / "other.ini").unlink()
    write_ini(root / "alembic.ini", URL.replace("db.example.com", "db.elsewhere.org"))
    assert counting(run(root)) == [f"SEC001 {FIRST}"]
    (again,) = [f for f in run(root).findings if f.code == "SEC001"]
    assert "New since the baseline: postgresql://app:***@db.elsewhere.org/app." in again.message

    (root / "alembic.ini").unlink()
    mended = run(root)
    assert counting(mended) == [f"WAI003 {BASELINE}"]
    assert mended.verdict is Verdict.CLEAR
    run(root, write_baseline=True)
    assert counting(run(root)) == []


def test_a_gate_takes_no_baseline_for_an_excuse(root: Path) -> None:
    run(root, write_baseline=True)
    assert run(root, gate=True, use_baseline=False).verdict is Verdict.UNSAFE
    assert counting(run(root, use_baseline=False)) == [f"SEC001 {FIRST}"]


def test_a_waiver_begins_ends_and_outlives_its_cause(root: Path) -> None:
    today = date.today()
    waive(root, today)
    waived = run(root)
    assert (waived.verdict, counting(waived)) == (Verdict.CLEAR, [])
    (found,) = waived.findings
    assert found.acceptance is not None
    assert (found.acceptance.owner, found.acceptance.until) == ("ana@example.com", str(today))

    waive(root, today - timedelta(days=1))
    ended = run(root)
    assert ended.verdict is Verdict.UNSAFE
    assert counting(ended) == [f"SEC001 {FIRST}", f"WAI001 SEC001 {FIRST}"]

    waive(root, today + timedelta(days=30))
    (root / "alembic.ini").unlink()
    unused = run(root)
    assert counting(unused) == [f"WAI002 SEC001 {FIRST}"]
    assert unused.verdict is Verdict.CLEAR
    assert counting(run(root, "MON", "WAI")) == []  # nobody looked for passwords


def test_a_baseline_written_by_some_checks_keeps_what_the_others_found(root: Path) -> None:
    run(root, write_baseline=True)
    run(root, "HIS002", write_baseline=True)
    assert [f["code"] for f in json.loads((root / BASELINE).read_text())["findings"]] == ["SEC001"]


def test_the_unknown_is_never_accepted(root: Path) -> None:
    for _ in range(2):
        report = run(root, "SEC001", "DRF007", write_baseline=True)
        (root / "pgassay.toml").write_text('[critical]\ntables = ["users"]\n')
    assert [u.needs for u in report.unavailable] == ["database"]
    assert report.verdict is Verdict.UNKNOWN
    assert run(root, "SEC001", "DRF007").verdict is Verdict.UNKNOWN


def test_a_baseline_proves_no_line_of_the_checklist(tmp_path: Path) -> None:
    models = "from sqlalchemy import *\nt = Table('pay', MetaData(), Column('amount', Float))\n"
    (tmp_path / "models.py").write_text(models)
    (tmp_path / "pgassay.toml").write_text("")
    versions = tmp_path / "alembic" / "versions"
    versions.mkdir(parents=True)
    (tmp_path / "alembic.ini").write_text("[alembic]\nscript_location = alembic\n")
    env = (
        "from alembic import context\nfrom sqlalchemy import create_engine\n"
        "with create_engine('postgresql://h/d').connect() as c:\n"
        "    context.configure(connection=c)\n"
        "    with context.begin_transaction():\n        context.run_migrations()\n"
    )
    (tmp_path / "alembic" / "env.py").write_text(env)
    (versions / "a1.py").write_text(
        "from alembic import op\nrevision = 'a1'\ndown_revision = None\n"
        "def upgrade(): op.execute('CREATE TABLE pay (amount double precision)')\n"
        "def downgrade(): op.execute('DROP TABLE pay')\n"
    )
    (tmp_path / "pgassay.toml").write_text("[models]\nnone = true\n")
    assert counting(run(tmp_path, "MON")) == ["MON001 public.pay.amount"]
    report = run(tmp_path, "MON", write_baseline=True)
    (line,) = [i for i in report.checklist if i.item == "Financial data types verified"]
    assert (line.status, line.evidence) == (
        ItemStatus.UNKNOWN,
        "1 finding that the baseline accepts.",
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not valid JSON"),
        ("[]", "schema_version None, not 1"),
        ('{"schema_version": 2}', "schema_version 2, not 1"),
        ('{"schema_version": 1, "findings": []}', "the key 'written_at' is missing"),
        ('{"schema_version": 1, "written_at": "", "findings": [1]}', "must be an object, not 1"),
        (
            '{"schema_version": 1, "written_at": "", "findings": [{"code": "A", "subject": "b", '
            '"severity": "bad", "particulars": []}]}',
            "'bad' is not a valid Severity",
        ),
    ],
)
def test_a_broken_baseline_accepts_nothing(root: Path, text: str, said: str) -> None:
    (root / BASELINE).write_text(text)
    with pytest.raises(ConfigurationError) as failed:
        run(root)
    assert said in str(failed.value)
    assert "pgassay check --write-baseline" in str(failed.value)
    assert (root / BASELINE).read_text() == text


def test_bad_waivers_are_named_all_at_once(root: Path) -> None:
    rest = 'subject = "x"\nowner = "a"\nuntil = 2027-01-01\n'
    (root / "pgassay.toml").write_text(
        f'[[waivers]]\ncode = "schema-difers"\nreason = " "\n{rest}'
        f'[[waivers]]\ncode = "WAI001"\nreason = "r"\n{rest}'
    )
    with pytest.raises(ConfigurationError) as failed:
        run(root)
    assert str(failed.value).splitlines()[1:] == [
        "  [waivers, number 1] reason is empty: who reads it later has to know",
        "  [waivers, number 1] no check is called 'schema-difers' (did you mean schema-differs?)",
        "  [waivers, number 2] WAI001 is about waivers, and cannot be waived itself",
    ]
    (root / "pgassay.toml").write_text(
        '[[waivers]]\ncode = "DRF005"\nuntil = "soon"\nowner = "a"\n'
    )
    with pytest.raises(ConfigurationError) as failed:
        run(root)
    assert "must be a day such as 2027-03-31, not 'soon'" in str(failed.value)
    assert "the key subject is missing" in str(failed.value)
    assert "the key reason is missing" in str(failed.value)
