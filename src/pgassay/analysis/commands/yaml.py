"""CI, compose and Kubernetes YAML: what runs migrations, with the variables that hold there.

A mapping's `env`, `environment` or `variables` hold for everything below it, in each of these
formats; that is all that is relied on.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from pgassay.analysis.commands.migration_call import Given, MigrationCall, Surroundings
from pgassay.analysis.commands.shell import shell_calls, word_calls
from pgassay.analysis.commands.yaml_outline import (
    Mapping,
    Node,
    Scalar,
    Sequence,
    yaml_documents,
)

_VARIABLES = ("env", "environment", "variables", "env_variables")
_ELSEWHERE = ("env_file", "envFrom", "secrets")
_COMMANDS = frozenset(
    (
        "after_script",
        "bash",
        "before_script",
        "build",
        "buildCommand",
        "cmd",
        "cmds",
        "command",
        "commands",
        "dockerCommand",
        "initialDeployHook",
        "postDeployCommand",
        "preDeployCommand",
        "release",
        "run",
        "script",
        "startCommand",
        "web",
        "worker",
    )
)
_EXEC = ("entrypoint", "command", "args")
_FOLDERS = ("working-directory", "workingDirectory", "working_directory", "dir")
_REPLICATED = frozenset(("Deployment", "ReplicaSet", "Rollout", "StatefulSet"))


def yaml_calls(text: str) -> list[MigrationCall]:
    """The migrations that a YAML file runs."""
    found: list[MigrationCall] = []
    for document in yaml_documents(text):
        around = Surroundings(copies=_replicas(document), open=not _is_closed(document, text))
        found += _calls(document, (), around)
    return found


def _is_closed(document: Node, text: str) -> bool:
    """Whether what is run gets no variables but those written: so it is for GitHub's jobs, compose
    and Kubernetes. Other CI systems take some from their own settings."""
    if not isinstance(document, Mapping) or "GITHUB_ENV" in text:
        return False
    keys = {key for key, _ in document.pairs}
    return {"apiVersion", "kind"} <= keys or {"jobs", "on"} <= keys or "services" in keys


def _replicas(document: Node) -> int:
    """How many pods a Kubernetes object runs side by side, as far as it says."""
    if not isinstance(document, Mapping):
        return 1
    kind = document.text("kind")
    if kind == "DaemonSet":
        return 2
    return _number(document.mapping("spec").text("replicas")) if kind in _REPLICATED else 1


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 1


def _calls(node: Node, trail: tuple[str, ...], around: Surroundings) -> Iterator[MigrationCall]:
    if isinstance(node, Sequence):
        for item in node.items:
            yield from _calls(item, trail, around)
    elif isinstance(node, Mapping):
        around = _within(node, trail, around)
        exec_form = tuple(_exec_form(node))
        if exec_form:
            script = next((s for s in exec_form if len(s.text.split()) > 1), exec_form[0])
            yield from word_calls([s.text for s in exec_form], script.line, around)
        for key, value in node.pairs:
            if key in _COMMANDS or (key in _EXEC and isinstance(value, Scalar)):
                yield from _commands(value, key, around)
            if not isinstance(value, Scalar):
                yield from _calls(value, (*trail, key), around)


def _exec_form(node: Mapping) -> Iterator[Scalar]:
    """The words of `entrypoint` and `command`, or `command` and `args`, written as lists."""
    named = [node.get(key) for key in _EXEC]
    lists = [n for n in named if isinstance(n, Sequence)]
    if any(isinstance(n, Scalar) for n in named) and not isinstance(node.get("entrypoint"), Scalar):
        return
    for sequence in lists:
        yield from (item for item in sequence.items if isinstance(item, Scalar))


def _commands(value: Node, key: str, around: Surroundings) -> Iterator[MigrationCall]:
    """Text is a script; a list is a script a line, but for the exec form."""
    if isinstance(value, Scalar):
        yield from shell_calls(_plain(value.text), value.line, around)
    elif isinstance(value, Sequence) and key not in _EXEC:
        lines = [i for i in value.items if isinstance(i, Scalar)]
        joined = "\n".join(_plain(i.text) for i in lines)
        for call in shell_calls(joined, 0, around):
            yield replace(call, line=_line_of(lines, call.line))


def _line_of(items: Iterable[Scalar], place: int) -> int:
    """The file's line of line number `place`, from 0, of the joined items."""
    for item in items:
        count = _plain(item.text).count("\n") + 1
        if place < count:
            return item.line + place
        place -= count
    return 0


def _plain(text: str) -> str:
    """`${{ secrets.URL }}` and `{{ .Values.url }}` are one computed word."""
    return re.sub(r"\$?\{\{.*?\}\}", "${COMPUTED}", text)


def _within(node: Mapping, trail: tuple[str, ...], around: Surroundings) -> Surroundings:
    name = node.text("name")
    steps = tuple(t for t in trail if t not in ("spec", "template", "steps"))
    unit = ".".join(steps[:3]) + (f" {name}" if name and trail[-1:] != ("steps",) else "")
    given = list(around.variables)
    is_open = around.open or any(node.get(key) is not None for key in _ELSEWHERE)
    for key in _VARIABLES:
        own, partly = _variables(node.get(key))
        given += own
        is_open = is_open or partly
    copies = max(
        around.copies,
        _number(node.mapping("deploy").text("replicas")),
        _number(node.text("scale")),
    )
    return replace(
        around,
        unit=unit.strip() or around.unit,
        variables=tuple(given),
        open=is_open,
        copies=copies,
        folder=_folder(node, around.folder),
    )


def _folder(node: Mapping, outer: str | None) -> str | None:
    run = node.mapping("defaults").mapping("run")
    given = next((t for k in _FOLDERS for t in (node.text(k), run.text(k)) if t), "")
    if not given:
        return outer
    if given.startswith(("/", "..")) or "$" in given or "{" in given:
        return None
    folder = posixpath.normpath(given)
    return "" if folder == "." else folder


def _variables(node: Node | None) -> tuple[list[Given], bool]:
    """The variables, and whether some come from elsewhere."""
    if isinstance(node, Mapping):
        given = [
            Given(key, _literal(value), value.line if isinstance(value, Scalar) else node.line)
            for key, value in node.pairs
        ]
        return given, False
    found: list[Given] = []
    for item in node.items if isinstance(node, Sequence) else ():
        if isinstance(item, Scalar):
            name, equals, value = item.text.partition("=")
            found.append(Given(name, _written(value) if equals else "", item.line))
        elif isinstance(item, Mapping) and (name := item.text("name") or item.text("key")):
            found.append(Given(name, _literal(item.get("value")), item.line))
    # A context, a variable group or a secret store may be named by a plain text.
    return found, isinstance(node, Scalar)


def _literal(node: Node | None) -> str:
    if isinstance(node, Mapping):
        node = node.get("value")
    return _written(node.text) if isinstance(node, Scalar) else ""


def _written(text: str) -> str:
    return "" if "${" in text or "$(" in text or "{{" in text else text
