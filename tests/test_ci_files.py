"""action.yml and ci/gitlab.yml: valid by the published schemas, and run as the CIs run them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from pgassay import __version__
from tests.cli.pgassay_command import EXAMPLE, environment

ROOT = Path(__file__).parents[1]
BASE = ROOT / "tests" / "cases" / "base"
TEAM = ROOT / "tests" / "team"
HARMFUL = '$(touch hacked) `touch hacked` "; touch hacked; #\n::error::x'


def read(path: str) -> Any:
    return YAML(typ="safe").load((ROOT / path).read_text())


ACTION: dict[str, Any] = read("action.yml")
STEPS: dict[str, dict[str, Any]] = {step["name"]: step for step in ACTION["runs"]["steps"]}
GITLAB: dict[str, Any] = read("ci/gitlab.yml")["pgassay"]


@pytest.mark.parametrize(
    ("path", "schema"), [("action.yml", "github-actions"), ("ci/gitlab.yml", "gitlab-ci")]
)
def test_it_fits_its_schema(path: str, schema: str) -> None:
    vendored = resources.files("check_jsonschema.builtin_schemas.vendor")
    known = json.loads(vendored.joinpath(f"{schema}.json").read_text("utf-8"))
    validator = jsonschema.validators.validator_for(known)(known)
    validator.validate(read(path))
    broken: Any = {"runs": {"using": "composite", "steps": [{"run": 1}]}, "pgassay": {"script": 1}}
    assert not validator.is_valid(broken)


def test_no_input_is_part_of_a_script() -> None:
    """It would be executed: an input comes as a variable of the environment."""
    for step in STEPS.values():
        assert "${{" not in step["run"]
        assert step["shell"] == "bash"
    given = {value for step in STEPS.values() for value in step["env"].values()}
    assert {f"${{{{ inputs.{name} }}}}" for name in ACTION["inputs"]} <= given


def test_what_they_use_is_pinned() -> None:
    assert not [step for step in STEPS.values() if "uses" in step]
    assert re.fullmatch(r"python:\d+\.\d+\.\d+-\w+", GITLAB["image"])
    assert GITLAB["variables"]["PGASSAY_PACKAGE"] == f"pgassay[squawk]=={__version__}"


GITHUB = {"${{ github.action_path }}": str(ROOT), "${{ github.base_ref }}": "{}"}
"""What the steps ask of GitHub."""


@dataclass(frozen=True)
class Ran:
    """How the action's step ended."""

    status: int
    log: str
    outputs: dict[str, str]
    summary: str
    folder: Path


def as_github_does(folder: Path, step: str, *, base_ref: str = "", **given: str) -> Ran:
    """Runs a step in `folder` with the inputs that are given, as a runner does; in a pull request
    where there is a `base_ref`."""
    runner = folder.parent / "runner"
    (runner / "pgassay" / "bin").mkdir(parents=True, exist_ok=True)
    for name in ("python", "pgassay"):
        link = runner / "pgassay" / "bin" / name
        if not link.exists():
            # A link to an interpreter would be one of no environment.
            link.write_text(f'#!/bin/sh\nexec "{Path(sys.executable).with_name(name)}" "$@"\n')
            link.chmod(0o755)
    inputs = {name: spec["default"] for name, spec in ACTION["inputs"].items()}
    inputs |= {name.replace("_", "-"): value for name, value in given.items()}
    assert set(inputs) == set(ACTION["inputs"])
    env = {}
    for name, value in STEPS[step]["env"].items():
        found = re.fullmatch(r"\$\{\{ inputs\.([\w-]+) \}\}", value)
        env[name] = inputs[found[1]] if found else GITHUB[value].format(base_ref)
    files = {name: runner / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    for file in files.values():
        file.write_text("")
    script = runner / "step.sh"
    script.write_text(STEPS[step]["run"])
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
        cwd=folder,
        env=environment(
            {**env, **{k: str(v) for k, v in files.items()}, "RUNNER_TEMP": str(runner)}
        ),
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    outputs = dict(line.split("=", 1) for line in files["GITHUB_OUTPUT"].read_text().splitlines())
    summary = files["GITHUB_STEP_SUMMARY"].read_text()
    return Ran(done.returncode, done.stdout + done.stderr, outputs, summary, runner)


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A checkout with the example and a project that is in order."""
    folder = tmp_path / "work"
    shutil.copytree(EXAMPLE, folder / "mita")
    shutil.copytree(BASE, folder / "good")
    return folder


def test_the_action_reports_and_fails_with_the_verdict(work: Path) -> None:
    ran = as_github_does(work, "Check", project="mita")
    assert ran.status == 1
    assert (ran.outputs["verdict"], ran.outputs["exit-status"]) == ("unsafe", "1")
    sarif = json.loads(Path(ran.outputs["sarif"]).read_text())
    assert {"MON001", "UNKNOWN"} <= {r["ruleId"] for r in sarif["runs"][0]["results"]}
    assert Path(ran.outputs["junit"]).read_text().startswith("<?xml ")
    assert json.loads(Path(ran.outputs["json"]).read_text())["verdict"] == "unsafe"
    assert ran.summary.startswith("# Database migration validation report: mita\n")
    # The report for people is where no line of it is a command; the annotations are behind it.
    (stopped,) = re.findall(r"^::stop-commands::([0-9a-f]{32})$", ran.log, re.MULTILINE)
    report, _, annotations = ran.log.partition(f"\n::{stopped}::\n")
    assert "UNSAFE" in report
    assert "::error title=pgassay::UNSAFE: " in annotations
    assert "::error" not in report


def test_the_action_passes_where_the_check_does(work: Path) -> None:
    ran = as_github_does(work, "Check", project="good", static="true")
    assert ran.status == 0, ran.log
    assert (ran.outputs["verdict"], ran.outputs["exit-status"]) == ("clear", "0")
    assert "::notice title=pgassay::CLEAR: " in ran.log


def test_the_actions_inputs_reach_the_check(work: Path) -> None:
    ran = as_github_does(
        work, "Check", project="mita", static="true", select="HIS", ignore="HIS001"
    )
    document = json.loads(Path(ran.outputs["json"]).read_text())
    assert {f["code"] for f in document["findings"]} == {"HIS002", "HIS003", "HIS017"}
    url = "postgresql://nobody:geheim@127.0.0.1:1/none"
    ran = as_github_does(
        work, "Check", project="good", select="HIS013", gate="true", database_url=url
    )
    assert (ran.status, ran.outputs["verdict"]) == (3, "unknown")
    assert "127.0.0.1" in ran.log
    assert "geheim" not in ran.log + ran.summary
    assert "password in a command's arguments" not in ran.log


def test_the_action_judges_what_a_pull_request_brings(work: Path) -> None:
    """On `work`, which branched off `main` as the runner's clone has it."""
    somebody = ("-c", "user.name=a", "-c", "user.email=a@example.com")

    def git(*arguments: str) -> None:
        subprocess.run(["git", *somebody, *arguments], cwd=work, check=True)

    git("init", "-q", "-b", "main")
    git("add", "-A")
    git("commit", "-q", "-m", "main")
    for branch in ("main", "other"):
        git("update-ref", f"refs/remotes/origin/{branch}", "HEAD")
    given = {"project": "good", "no_database": "true", "base_ref": "main"}
    assert as_github_does(work, "Check", **given).outputs["verdict"] == "clear"
    # Another branch has a revision after the same one.
    git("checkout", "-q", "-b", "other")
    shutil.copytree(TEAM / "harmless", work / "good", dirs_exist_ok=True)
    git("add", "-A")
    git("commit", "-q", "-m", "other")
    git("update-ref", "refs/remotes/origin/other", "HEAD")
    git("checkout", "-q", "-b", "work", "main")
    shutil.copytree(TEAM / "backfill", work / "good", dirs_exist_ok=True)

    def found(ran: Ran) -> list[str]:
        document = json.loads(Path(ran.outputs["json"]).read_text())
        return [f["code"] for f in document["findings"]]

    ran = as_github_does(work, "Check", **given, against="origin/other origin/main")
    assert (ran.status, found(ran)) == (1, ["MIG009", "MIG020"])
    assert "::error file=good/alembic/versions/0004_payment_source.py,line=" in ran.log
    ran = as_github_does(work, "Check", **given, since="HEAD~5")
    assert (ran.status, ran.outputs["verdict"]) == (3, "unknown")
    ran = as_github_does(work, "Check", **given, sizes="nowhere.json")
    assert (ran.status, ran.outputs["exit-status"]) == (2, "2")


@pytest.mark.parametrize(
    "name",
    [
        *("project", "select", "ignore", "project_python", "database_url"),
        *("since", "against", "sizes"),
    ],
)
def test_no_input_of_the_action_is_executed(work: Path, name: str) -> None:
    given = {"project": "good", "static": "true", name: HARMFUL}
    ran = as_github_does(work, "Check", **given)
    assert not list(work.rglob("hacked"))
    assert not list(ran.folder.rglob("hacked"))
    if name in ("project", "select", "ignore"):
        assert (ran.status, ran.outputs) == (2, {"exit-status": "2"})
        assert "::error title=pgassay::There is no report" in ran.log


def test_the_action_installs_itself(work: Path) -> None:
    """With a stand-in for Python, since a test has no network."""
    python = work / "python"
    python.write_text(
        '#!/bin/sh\nfor a in "$@"; do printf "[%s]" "$a"; done >> "$RUNNER_TEMP/ran"\n'
    )
    python.chmod(0o755)
    runner = work.parent / "runner"
    (runner / "pgassay" / "bin").mkdir(parents=True)
    shutil.copy(python, runner / "pgassay" / "bin" / "python")
    ran = as_github_does(work, "Install pgassay", python=str(python))
    assert ran.status == 0, ran.log
    said = (runner / "ran").read_text()
    assert f"[-m][venv][{runner}/pgassay]" in said
    assert said.endswith(
        f"[-m][pip][install][--quiet][--disable-pip-version-check][{ROOT}[squawk]]"
    )


def test_the_action_says_when_python_is_too_old(work: Path) -> None:
    python = work / "python"
    python.write_text("#!/bin/sh\nexit 1\n")
    python.chmod(0o755)
    ran = as_github_does(work, "Install pgassay", python=str(python))
    assert ran.status == 2
    assert "is no Python 3.11 or newer" in ran.log


def test_the_gitlab_job_writes_what_it_hands_over(work: Path) -> None:
    program = Path(sys.executable).with_name("pgassay")
    script = "\n".join(GITLAB["script"]).replace("/tmp/pgassay/bin/pgassay", str(program))
    assert str(program) in script
    variables = {**GITLAB["variables"], "PGASSAY_OPTIONS": "--static --select HIS002,SEC"}
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", script],
        cwd=work / "mita",
        env=environment({**variables, "PATH": os.environ["PATH"]}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    reports = GITLAB["artifacts"]["reports"]
    assert GITLAB["artifacts"]["when"] == "always"
    for path in (*reports.values(), *GITLAB["artifacts"]["paths"]):
        assert (work / "mita" / path).is_file()
    quality = json.loads((work / "mita" / reports["codequality"]).read_text())
    assert {entry["check_name"] for entry in quality} == {"HIS002", "SEC001"}
