"""`pgassay check --static`: what the files alone tell, in no time, with nothing run."""

from __future__ import annotations

import json
import os
import re
import resource
import shlex
import shutil
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.cli.pgassay_command import COMMAND, EXAMPLE, environment, pgassay

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "cases"
# They look at what scratch shows too, where it is there.
PARTLY = {"HIS001", "HIS002", "HIS003", "HIS017"}
OF_A_BRANCH = {"MIG019", "MIG020"}
WHOLLY = {
    *("HIS004", "HIS005", "HIS006", "HIS007", "HIS008"),
    *("HIS019", "HIS020", "HIS021", "RDY001", "SEC001"),
    *("MON005", "MON006", "MON007", "MON008"),
}

# Tells of each process that is started.
_WITNESS = """
import os, sys
def tell(event, args):
    if event in ("subprocess.Popen", "os.fork", "os.forkpty", "os.exec", "os.posix_spawn",
                 "os.system"):
        with open(os.environ["TOLD"], "a") as file:
            file.write(f"{event} {args}\\n")
sys.addaudithook(tell)
"""


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """A project that is in order."""
    return Path(shutil.copytree(CASES / "base", tmp_path / "good"))


def static(project: Path, *arguments: str) -> tuple[int, dict[str, Any]]:
    done = pgassay("check", project, "--static", "--output", "json", *arguments)
    document = json.loads(done.stdout)
    assert isinstance(document, dict)
    return done.returncode, document


def found(document: dict[str, Any]) -> set[tuple[str, str]]:
    return {(f["code"], f["subject"]) for f in document["findings"]}


def test_it_finds_what_a_whole_run_finds_of_the_files() -> None:
    status, document = static(EXAMPLE)
    whole = json.loads(pgassay("check", EXAMPLE, "--output", "json").stdout)
    assert status == 1
    assert document["unavailable"] == []
    assert found(document) == {f for f in found(whole) if f[0] in PARTLY | WHOLLY}
    assert {code for code, _ in found(document)} == {
        *("HIS001", "HIS002", "HIS003", "HIS017", "SEC001"),
    }
    (too_long,) = [f for f in document["findings"] if f["code"] == "HIS003"]
    assert too_long["message"].endswith("unless something widens it: nothing was run.")


def test_what_scratch_may_show_is_not_known_to_be_fine(good: Path) -> None:
    status, document = static(good)
    assert (status, document["verdict"]) == (0, "clear")
    statuses = {c["code"]: c["status"] for c in document["checks"]}
    asked = {code for code, said in statuses.items() if said != "skipped"}
    assert asked == PARTLY | WHOLLY | OF_A_BRANCH
    assert {statuses[code] for code in OF_A_BRANCH} == {"vacuous"}  # there is no --since
    assert {statuses[code] for code in PARTLY} == {"partial"}
    assert {statuses[code] for code in WHOLLY} == {"passed"}
    (why,) = {c["coverage"] for c in document["checks"] if c["code"] == "HIS001"}
    assert why == "without builds, sql runs"
    assert [i["status"] for i in document["checklist"]] == ["unknown"] * 7


@pytest.fixture
def calls() -> Iterator[tuple[str, list[object]]]:
    """The URL of a server that hangs up on everybody, and who called."""
    callers: list[object] = []

    class HangUp(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            callers.append(self.client_address)

    with socketserver.TCPServer(("127.0.0.1", 0), HangUp) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"postgresql://nobody@127.0.0.1:{server.server_address[1]}/none", callers
        server.shutdown()
        thread.join()


def test_only_git_is_started_and_no_server_met(
    tmp_path: Path, calls: tuple[str, list[object]]
) -> None:
    url, callers = calls
    (tmp_path / "sitecustomize.py").write_text(_WITNESS)
    told = tmp_path / "told"
    env = {"TOLD": str(told), "PYTHONPATH": str(tmp_path), "DATABASE_URL": url}
    assert pgassay("check", EXAMPLE, "--static", env=env).returncode == 1
    events = told.read_text().splitlines()
    assert [e for e in events if not e.startswith("subprocess.Popen ('git', ['git', ")] == []
    assert callers == []
    # The witnesses see what a whole run does.
    pgassay("check", EXAMPLE, "--select", "HIS010,HIS013", env=env)
    assert re.search(r"^subprocess.Popen .*postgres", told.read_text(), re.MULTILINE)
    assert callers


def test_it_takes_less_than_a_second(tmp_path: Path) -> None:
    """Of the processor, since others may use the machine; compiled, as what pip installed is."""
    env = environment({"PYTHONPYCACHEPREFIX": str(tmp_path)})
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    took = []
    for _ in range(4):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [*COMMAND, "check", EXAMPLE, "--static", "-q"],
            env=env,
            capture_output=True,
            check=False,
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        took.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(took[1:]) < 1.0, took


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ("bad", {("HIS003", "alembic: 0004_currencies_in_capitals_eu_us")}),
        ("good", set()),
        ("good_widened_by_alembic", set()),
        ("good_widened_by_env", set()),
        ("good_widened_by_revision", set()),
    ],
)
def test_an_id_is_too_long_only_where_nothing_speaks_of_its_column(
    good: Path, case: str, expected: set[tuple[str, str]]
) -> None:
    shutil.copytree(CASES / "HIS003" / case, good, dirs_exist_ok=True)
    _, document = static(good)
    assert found(document) == expected


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--gate",), "--gate demands all that can be known"),
        (("--write-baseline",), "--write-baseline takes all that can be known"),
        (("--select", "DRF"), "No check is left to run: --select, --ignore and --static"),
    ],
)
def test_what_it_cannot_be_asked_with(arguments: tuple[str, ...], message: str) -> None:
    done = pgassay("check", EXAMPLE, "--static", *arguments)
    assert done.returncode not in (0, 1, 3)
    assert message in done.stderr


def test_a_waiver_counts_and_nothing_is_said_of_one_that_covers_nothing(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE, tmp_path / "p")
    waivers = "".join(
        f'\n[[waivers]]\ncode = "{code}"\nsubject = "{subject}"\n'
        'reason = "r"\nowner = "o"\nuntil = 2999-01-01\n'
        for code, subject in (("HIS002", "0001_initial"), ("HIS001", "seen only by a run"))
    )
    with (tmp_path / "p" / "pgassay.toml").open("a") as file:
        file.write(waivers)
    _, document = static(tmp_path / "p")
    assert [f["code"] for f in document["findings"] if f["waived"]] == ["HIS002"]
    assert not [f for f in document["findings"] if f["code"].startswith("WAI")]


def test_the_pre_commit_hook_runs_it() -> None:
    (hook,) = YAML(typ="safe").load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert hook["pass_filenames"] is False
    program, *arguments = shlex.split(hook["entry"])
    assert program == "pgassay"
    done = subprocess.run(
        [str(Path(sys.executable).with_name(program)), *arguments],
        cwd=EXAMPLE,
        env=environment({"PATH": os.environ["PATH"]}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "BLOCKER HIS002 0001_initial" in done.stdout
