"""The command line: exit statuses, messages, outputs, and what it must not do."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from pgassay.checks import ALL, LAST
from pgassay.render.json_report import report_schema
from tests.cli.pgassay_command import EXAMPLE, environment, pgassay


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv = ['pgassay', '--help']\n"
        "from pgassay.cli.main import run\n"
        "try: run()\n"
        "except SystemExit: pass\n"
        "print([m for m in ('psycopg', 'rich', 'cattrs', 'sqlalchemy', 'pgassay.flows') "
        "if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    assert "check" in done.stdout
    assert "Exit status: 0 safe or clear, 1 unsafe, 2 wrong usage" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check", "--output", "yaml"], "unknown format 'yaml'; there are terminal"),
        (["check", "--output", "json="], "names no file after the ="),
        (["check", "--output", "json", "--output", "markdown"], "Only one --output can go to"),
        (["check", "--output", "json=/no/such/folder/x.json"], "/no/such/folder does not exist"),
        (["check", "--select", "XYZ1"], "no check is called 'XYZ1'"),
        (["check", "no-such-folder"], "'no-such-folder' does not exist"),
        (["check", "--config", "no.toml"], "'no.toml' does not exist"),
        (["explain", "money-in-floating-pont"], "Did you mean money-in-floating-point?"),
        (["frobnicate"], "No such command 'frobnicate'"),
    ],
)
def test_wrong_usage_exits_2_and_says_what_is_wrong(
    arguments: list[str], message: str, tmp_path: Path
) -> None:
    done = pgassay(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_folder_that_is_no_project_exits_2(tmp_path: Path) -> None:
    done = pgassay("check", tmp_path)
    assert done.returncode == 2
    assert "holds no Alembic history and no pgassay.toml: looked for" in done.stderr


def test_an_interpreter_is_looked_for_from_where_one_stands(tmp_path: Path) -> None:
    named = {"bin/python": str(tmp_path / "bin/python"), "no-such-python": "no-such-python"}
    for given, looked_for in named.items():
        done = pgassay("check", EXAMPLE, "--python", given, "--output", "json", cwd=tmp_path)
        reasons = [missing["reason"] for missing in json.loads(done.stdout)["unavailable"]]
        assert f"The project's interpreter {looked_for} cannot be executed." in reasons


def test_broken_configuration_names_every_bad_key_at_once(tmp_path: Path) -> None:
    (tmp_path / "pgassay.toml").write_text(
        "[database]\nurll = 'x'\n[money]\nprecision = '12'\ncolumns = 'a'\n[monney]\nx = 1\n"
        "[project.environment]\nPORT = 80\n"
    )
    done = pgassay("check", tmp_path)
    assert done.returncode == 2
    for problem in (
        "[database] unknown key urll (did you mean url?)",
        "[money.precision] must be a whole number, not '12'",
        "[money.columns] must be a list, not 'a'",
        "unknown key monney (did you mean money?)",
        "must be a text, not 80",
    ):
        assert problem in done.stderr


def test_libpqs_variables_are_not_for_the_projects_code(tmp_path: Path) -> None:
    (tmp_path / "pgassay.toml").write_text(
        "[project.environment]\nPGHOST = 'db.example'\n'A=B' = ''\nPORT = '80'\n"
    )
    done = pgassay("check", tmp_path)
    assert done.returncode == 2
    assert "[project.environment] PGHOST: libpq's variables are not given" in done.stderr
    assert "[project.environment] A=B: is no variable's name" in done.stderr
    assert "PORT" not in done.stderr


def test_broken_toml_exits_2_with_the_place(tmp_path: Path) -> None:
    (tmp_path / "pgassay.toml").write_text("[money\n")
    done = pgassay("check", tmp_path)
    assert done.returncode == 2
    assert "not valid TOML" in done.stderr
    assert "line 1" in done.stderr


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("mysql://x/y", "mysql:// is not PostgreSQL"),
        ("env:NO_SUCH_VARIABLE", "the environment variable NO_SUCH_VARIABLE is not set"),
    ],
)
def test_a_database_url_that_cannot_be_understood_exits_2(url: str, message: str) -> None:
    done = pgassay("check", EXAMPLE, "--database-url", url)
    assert done.returncode == 2
    assert message in done.stderr


def test_a_password_in_the_arguments_is_warned_about_and_shown_nowhere(tmp_path: Path) -> None:
    url = "postgresql://u:Tr0ub4dor@127.0.0.1:1/x"
    done = pgassay(
        "check", EXAMPLE, "--database-url", url, "--output", f"json={tmp_path / 'r.json'}"
    )
    assert "can be read by every user of this machine" in done.stderr
    assert "nothing listens at 127.0.0.1:1" in done.stdout
    assert "Tr0ub4dor" not in done.stdout + done.stderr + (tmp_path / "r.json").read_text()


def test_outputs_go_where_they_are_sent(tmp_path: Path) -> None:
    done = pgassay(
        "check", EXAMPLE, "--output", "json", "--output", f"markdown={tmp_path / 'r.md'}"
    )
    assert done.returncode == 1
    document = json.loads(done.stdout)
    jsonschema.validate(document, report_schema())
    assert document["verdict"] == "unsafe"
    assert [u["needs"] for u in document["unavailable"]] == ["database"]
    assert {c["code"] for c in document["checks"]} == {c.code for c in (*ALL, *LAST)}
    assert (tmp_path / "r.md").read_text().startswith("# Database migration validation report")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["r.md"]


def test_select_and_ignore_take_codes_names_and_prefixes() -> None:
    done = pgassay(
        "check",
        EXAMPLE,
        "--select",
        "MON,two-migration-systems",
        "--ignore",
        "MON004",
        "--output",
        "json",
    )
    document = json.loads(done.stdout)
    assert {f["code"] for f in document["findings"]} == {"HIS001", "MON001", "MON003"}
    skipped = {c["code"] for c in document["checks"] if c["status"] == "skipped"}
    assert "MON004" in skipped
    assert "SEC001" in skipped


def test_a_crash_exits_3_without_a_traceback_and_with_one_under_vv() -> None:
    code = (
        "import sys, pgassay.flows.check as c\n"
        "def crash(*a): raise ZeroDivisionError('planted')\n"
        "c.gather = crash\n"
        "from pgassay.cli.main import run; run()"
    )

    def crash(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", code, "check", str(EXAMPLE), *arguments],
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
        )

    plain = crash()
    assert plain.returncode == 3
    assert "pgassay crashed: ZeroDivisionError: planted" in plain.stderr
    assert "Traceback" not in plain.stderr
    loud = crash("-vv")
    assert loud.returncode == 3
    assert "Traceback" in loud.stderr


@pytest.mark.parametrize("check", ALL, ids=lambda c: c.code)
def test_every_check_explains_itself_by_code_and_name(check: object) -> None:
    from pgassay.check import Check
    from pgassay.checks import find_check

    assert isinstance(check, Check)
    assert find_check(check.code) is check
    assert find_check(check.name.upper()) is check
    for heading in ("What:", "Why:", "Fix:", "Example:"):
        assert f"\n{heading}\n" in f"\n{check.page}\n", (check.code, heading)


def test_codes_and_names_are_unique() -> None:
    assert len({c.code for c in ALL}) == len({c.name for c in ALL}) == len(ALL)


def test_explain_lists_all_and_shows_one() -> None:
    assert "MON001  blocker  money-in-floating-point" in pgassay("explain").stdout
    page = pgassay("explain", "mon001").stdout
    assert page.startswith("MON001 money-in-floating-point (blocker)\n")
    assert "Fix:" in page


def test_init_writes_what_check_reads_and_never_overwrites(tmp_path: Path) -> None:
    import shutil

    project = tmp_path / "mita"
    shutil.copytree(EXAMPLE, project)
    (project / "pgassay.toml").unlink()
    first = pgassay("init", project)
    assert first.returncode == 0
    text = (project / "pgassay.toml").read_text()
    assert 'main = "alembic"' in text
    assert '# "transactions",' in text
    assert pgassay("check", project, "-q").returncode == 1
    second = pgassay("init", project)
    assert second.returncode == 2
    assert "exists already; it was left as it is" in second.stderr
    assert (project / "pgassay.toml").read_text() == text


def test_values_that_no_database_would_take_are_refused(tmp_path: Path) -> None:
    (tmp_path / "pgassay.toml").write_text(
        "[money]\nscale = 99\n[probe]\ntime_limit_s = -1\n[data]\nworkers = 0\n"
        "[[money.policy]]\npattern = 'x'\nprecision = 0\nscale = 0\n"
    )
    done = pgassay("check", tmp_path)
    assert done.returncode == 2
    assert "numeric(12,99) is no type for money" in done.stderr
    assert "[money] x: numeric(0,0)" in done.stderr
    assert "[probe.time_limit_s] -1 is not above 0" in done.stderr
    assert "[data.workers] 0 is not above 0" in done.stderr


def test_a_main_history_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text("[history]\nmain = 'alembik'\n")
    done = pgassay("check", EXAMPLE, "--config", tmp_path / "own.toml")
    assert done.returncode == 2
    assert "main = 'alembik' is none of the histories found: alembic, migrations" in done.stderr


def test_a_selection_that_leaves_no_check_is_refused() -> None:
    done = pgassay("check", EXAMPLE, "--ignore", "HIS,MIG,DRF,MON,DAT,RDY,SEC,CON")
    assert done.returncode == 2
    assert "No check is left to run" in done.stderr


def test_pending_revisions_since_nothing_are_refused() -> None:
    for empty in ("", " "):
        done = pgassay("check", EXAMPLE, "--since", empty, "--no-database")
        assert done.returncode == 2
        assert "--since names nothing" in done.stderr
    done = pgassay("check", EXAMPLE, "--select", "MIG", "--no-database")
    assert done.returncode == 2
    assert "nothing says which are: give --since" in done.stderr


def test_only_what_the_selected_checks_need_is_gathered() -> None:
    """Without a database, and without running any of the project's code."""
    done = pgassay("check", EXAMPLE, "--select", "SEC001,HIS006", "--output", "json")
    document = json.loads(done.stdout)
    assert document["unavailable"] == []
    assert {f["code"] for f in document["findings"]} == {"SEC001"}
    assert document["facts"]["scratch"] is None


def test_an_ini_that_cannot_be_parsed_is_unknown_whatever_it_is_called(tmp_path: Path) -> None:
    (tmp_path / "pgassay.toml").write_text("")
    (tmp_path / "setup.cfg").write_text("[alembic]\nscript_location = %(nowhere)s/other\n")
    done = pgassay("check", tmp_path, "--select", "HIS003", "-q")
    assert done.returncode == 3
    assert "setup.cfg" in done.stdout


def test_a_revision_behind_a_link_is_read(tmp_path: Path) -> None:
    import shutil

    project = tmp_path / "mita"
    shutil.copytree(EXAMPLE, project)
    versions = project / "alembic" / "versions"
    real = tmp_path / "kept_elsewhere.py"
    (versions / "0002_mood.py").rename(real)
    (versions / "0002_mood.py").symlink_to(real)
    done = pgassay("check", project, "--select", "HIS006,HIS004,HIS008", "-q")
    assert done.stdout.startswith("CLEAR")
    real.unlink()
    broken = pgassay("check", project, "--select", "HIS006", "-q")
    assert "0003_goals" in broken.stdout


def test_nothing_to_assay_is_unknown(tmp_path: Path) -> None:
    from pgassay.postgres.binaries import find_binaries
    from pgassay.postgres.scratch_server import ScratchServer

    (tmp_path / "pgassay.toml").write_text("")
    with ScratchServer(find_binaries()) as server:
        url = server.create_database("empty").url()
        done = pgassay("check", tmp_path, "--database-url", url)
    assert done.returncode == 3
    assert "There is no migration history, and the live database has no table" in " ".join(
        done.stdout.split()
    )


def test_no_color_where_nobody_reads_colors() -> None:
    assert "\x1b" not in pgassay("check", EXAMPLE).stdout
