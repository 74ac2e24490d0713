"""`pytest --pgassay` with the options of pytest that people use, and with wrong input."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.pgassay_command import environment, pgassay
from tests.pytest_plugin.suite_run import TESTS, ended, run_suite

BASE = Path(__file__).parents[1] / "cases" / "base"

SPY = """
from pathlib import Path
import pytest

@pytest.hookimpl(trylast=True)
def pytest_configure(config):
    if config.getoption("pgassay"):
        from pgassay.pytest_plugin import one_run
        check = one_run.check
        def counted(*arguments):
            with open(Path(__file__).with_name("runs.txt"), "a") as runs:
                runs.write("one\\n")
            return check(*arguments)
        one_run.check = counted
"""
"""Counts the runs of the assay, in whichever process they are made."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project in order, with a suite of its own."""
    root = tmp_path / "ledger"
    shutil.copytree(BASE, root, ignore=shutil.ignore_patterns("live.sql", "__pycache__"))
    (root / "tests").mkdir()
    (root / "tests" / "conftest.py").write_text(SPY)
    (root / "tests" / "test_sums.py").write_text("def test_sum():\n    assert 1 + 1 == 2\n")
    (root / "pytest.ini").write_text("[pytest]\ntestpaths = tests\n")
    return root


def runs(project: Path) -> int:
    path = project / "tests" / "runs.txt"
    return len(path.read_text().splitlines()) if path.exists() else 0


def test_one_run_for_all_of_it(project: Path) -> None:
    run = run_suite(project, "--pgassay", "-v")
    assert run.status == 0, run.output
    assert list(run.endings.items()) == list(ended().items())
    assert run.others == ("test_sum passed",)
    assert "collected 6 items" in run.output
    assert "pgassay::round_trip PASSED" in run.output
    assert runs(project) == 1


def test_a_suite_without_the_option_sees_nothing_of_it(project: Path) -> None:
    """It loads the file with the option, and no other of ours."""
    (project / "tests" / "test_sums.py").write_text(
        "import sys\n\ndef test_ours():\n"
        "    ours = {m for m in sys.modules if m.startswith('pgassay')}\n"
        "    assert ours == {'pgassay', 'pgassay.pytest_plugin'}\n"
        "    assert not {'psycopg', 'rich', 'click'} & set(sys.modules)\n"
    )
    run = run_suite(project)
    assert run.status == 0, run.output
    assert run.others == ("test_ours passed",)
    assert run.endings == {}
    assert runs(project) == 0


def test_collecting_runs_nothing(project: Path) -> None:
    run = run_suite(project, "--pgassay", "--collect-only", "-q")
    assert run.status == 0
    assert "\n".join(f"pgassay::{name}" for name in TESTS) in run.output
    assert runs(project) == 0


@pytest.mark.parametrize(
    ("arguments", "named", "others"),
    [
        (("-k", "round_trip"), ["round_trip"], 0),
        (("-m", "pgassay"), list(TESTS), 0),
        (("-m", "not pgassay"), [], 1),
        (("--deselect", "pgassay::other_checks"), list(TESTS[:-1]), 1),
        (("pgassay::money_policy",), ["money_policy"], 0),
        (("pgassay::round_trip", "pgassay::money_policy"), ["round_trip", "money_policy"], 0),
        (("tests/test_sums.py::test_sum", "pgassay::money_policy"), ["money_policy"], 1),
        (("pgassay",), list(TESTS), 0),
    ],
)
def test_some_of_it(
    project: Path, arguments: tuple[str, ...], named: list[str], others: int
) -> None:
    run = run_suite(project, "--pgassay", *arguments)
    assert run.status == 0, run.output
    assert list(run.endings) == named
    assert len(run.others) == others
    assert runs(project) == bool(named)


@pytest.mark.parametrize("how", ["load", "loadgroup", "loadfile", "worksteal", "each"])
def test_workers_share_one_run(project: Path, tmp_path: Path, how: str) -> None:
    temporary = tmp_path / "t"
    temporary.mkdir()
    env = {"TMPDIR": str(temporary)}
    run = run_suite(project, "--pgassay", "-n", "2", "--dist", how, env=env)
    assert run.status == 0, run.output
    assert run.endings == ended()
    assert runs(project) == 1
    assert not list(temporary.glob("pgassay*"))


def test_a_node_id_with_workers(project: Path) -> None:
    run = run_suite(project, "--pgassay", "-n", "2", "pgassay::round_trip")
    assert run.status == 0, run.output
    assert list(run.endings) == ["round_trip"]


def test_it_stops_at_the_first_failure(project: Path) -> None:
    (project / "settings.ini").write_text("[db]\npassword = Rain-In-April-1984\n")
    model = project / "app" / "models" / "payment.py"
    model.write_text(model.read_text().replace("Numeric(12, 2)", "Numeric(10, 2)"))
    run = run_suite(project, "--pgassay", "-x", "--tb=line", "--timeout=1")
    assert run.status == 1
    assert run.endings == {
        "histories_build": "passed",
        "round_trip": "passed",
        "models_match_history": "failed",
    }
    said = f"{model}:17: 1 finding: DRF005 public.payments.amount"
    assert said in run.output
    assert "fix:" not in run.output


def test_a_project_elsewhere(project: Path, tmp_path: Path) -> None:
    """Paths are those that a terminal opens from where pytest was called."""
    model = project / "app" / "models" / "payment.py"
    model.write_text(model.read_text().replace("Numeric(12, 2)", "Numeric(10, 2)"))
    suite = tmp_path / "suite"
    suite.mkdir()
    (suite / "pytest.ini").write_text("[pytest]\n")
    run = run_suite(project, "--pgassay", "--pgassay-project", "../ledger", cwd=suite)
    assert run.endings == ended(models_match_history="failed", money_policy="failed")
    assert "  at ../ledger/app/models/payment.py:17\n" in run.output
    assert "pgassay check ../ledger --no-database" in run.output

    (suite / "pytest.ini").write_text("[pytest]\npgassay_project = ../ledger\n")
    below = suite / "below"
    below.mkdir()
    run = run_suite(project, "--pgassay", "-k", "round_trip", cwd=below)
    assert run.endings == {"round_trip": "passed"}


def test_the_interpreter_is_the_suites_unless_another_is_named(project: Path) -> None:
    """The packages that the other tests run with are those that this is about."""
    python = project / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\necho 'no such luck' >&2\nexit 1\n")
    python.chmod(0o755)
    assert run_suite(project, "--pgassay").endings == ended()
    with (project / "pgassay.toml").open("a") as file:
        file.write('[project]\npython = ".venv/bin/python"\n')
    run = run_suite(project, "--pgassay")
    assert set(run.endings.values()) == {"error"}, run.output


def test_what_could_not_be_had_is_an_error_with_the_next_step(project: Path) -> None:
    (project / "alembic" / "env.py").write_text("import no_such_package\n")
    run = run_suite(project, "--pgassay")
    assert run.status == 1
    assert run.endings == dict.fromkeys(TESTS, "error")
    assert "-m pip install no-such-package" in run.texts["histories_build"]
    assert "next: Mend first what pgassay::histories_build shows." in run.texts["round_trip"]
    for text in run.texts.values():
        assert "no_such_package" in text or "alembic/ does not build" in text
        assert "more: pgassay check . --no-database" in text


def test_nothing_to_test_is_an_error(project: Path) -> None:
    shutil.rmtree(project / "alembic")
    (project / "alembic.ini").unlink()
    run = run_suite(project, "--pgassay")
    assert run.status == 1
    assert run.endings == dict.fromkeys(TESTS, "error")
    assert "Nothing was looked at: No database was asked for." in run.texts["money_policy"]
    assert "No migration history with a revision was found." in run.texts["histories_build"]


def test_models_that_hold_no_table_are_an_error(project: Path) -> None:
    versions = project / "alembic" / "versions"
    for path in versions.glob("*.py"):
        path.unlink()
    (versions / "0001.py").write_text(
        'revision = "0001"\ndown_revision = None\n\n\ndef upgrade():\n    pass\n\n\n'
        "def downgrade():\n    pass\n"
    )
    shutil.rmtree(project / "app" / "models")
    (project / "app" / "models.py").write_text("")
    run = run_suite(project, "--pgassay", "-k", "models_match_history")
    assert run.endings == {"models_match_history": "error"}, run.output
    assert "has no tables" in run.output


def test_what_the_project_says_it_has_not_is_skipped(project: Path) -> None:
    for path in (project / "alembic" / "versions").glob("*.py"):
        path.write_text(path.read_text().replace("amount", "weight_kg"))
    with (project / "pgassay.toml").open("a") as file:
        file.write('[models]\nnone = true\n[checks]\nignore = ["HIS026"]\n')
    run = run_suite(project, "--pgassay", "-rs")
    assert run.status == 0, run.output
    skipped = {"round_trip": "skipped", "models_match_history": "skipped"}
    assert run.endings == ended(**skipped, money_policy="skipped")
    assert "[checks] leaves out HIS026." in run.output
    assert "[models] none = true: the project has no models." in run.output
    assert "No column was taken for money; name them under [money] columns." in run.output


def test_baseline_and_waivers_count(project: Path) -> None:
    model = project / "app" / "models" / "payment.py"
    model.write_text(model.read_text().replace("Numeric(12, 2)", "Numeric(10, 2)"))
    pgassay("check", project, "--no-database", "--write-baseline", "--select", "MON")
    with (project / "pgassay.toml").open("a") as file:
        file.write(
            '[[waivers]]\ncode = "DRF005"\nsubject = "*.amount"\nreason = "known"\n'
            'owner = "ana@example.com"\nuntil = 2999-12-31\n'
        )
    run = run_suite(project, "--pgassay", "-rP")
    assert run.endings == ended(), run.output
    assert "WARNING MON004 money-off-policy  public.payments.amount (accepted)" in run.output
    assert "BLOCKER DRF005 schema-differs  public.payments.amount (accepted)" in run.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("--pgassay-project", "nowhere"),
            "--pgassay: {root}/nowhere is not a folder.",
        ),
        (("pgassay::rond_trip",), "pgassay::rond_trip: pgassay's tests are histories_build, "),
    ],
)
def test_wrong_usage_ends_the_run(project: Path, arguments: tuple[str, ...], said: str) -> None:
    run = run_suite(project, "--pgassay", *arguments)
    assert run.status == 4
    assert f"ERROR: {said.format(root=project)}" in run.output
    assert "Traceback" not in run.output


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("pgassay.toml", "[money]\nscael = 2\n", "scael"),
        ("pytest.ini", "[pytest]\ntestpaths = tests\npgassay_project = tests\n", "no Alembic"),
    ],
)
def test_wrong_configuration_is_an_error_without_a_traceback(
    project: Path, file: str, text: str, said: str
) -> None:
    (project / file).write_text(text)
    run = run_suite(project, "--pgassay")
    assert run.status == 1
    assert run.endings == dict.fromkeys(TESTS, "error")
    assert run.others == ("test_sum passed",)
    assert all(said in text for text in run.texts.values())
    assert "Traceback" not in run.output


def test_a_crash_is_an_error(project: Path) -> None:
    conftest = project / "tests" / "conftest.py"
    conftest.write_text(SPY.replace("return check(*arguments)", "raise KeyError('planted')"))
    run = run_suite(project, "--pgassay")
    assert run.endings == dict.fromkeys(TESTS, "error")
    assert "pgassay crashed: KeyError: 'planted'" in run.output


def test_without_pytest_nothing_of_the_tool_needs_it() -> None:
    code = (
        "import sys; sys.modules['pytest'] = None\nimport pgassay.cli.main, pgassay.flows.check\n"
    )
    subprocess.run([sys.executable, "-c", code], env=environment(), check=True)
