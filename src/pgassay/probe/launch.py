"""Starting the child, listening to it, and ending it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Event = dict[str, Any]

_START = (
    # Without the folder it is run in, where a types/ would stand before Python's own module.
    "import sys; sys.path[:] = [sys.argv.pop(1), *filter(None, sys.path)]; "
    "from pgassay.probe.child import main; main.main()"
)


_RUNNING: set[subprocess.Popen[bytes]] = set()


@contextlib.contextmanager
def children_ended() -> Iterator[None]:
    """When the block is left by an exception, such as Ctrl-C, the children that other threads run
    are killed: nobody waits for code that hangs."""
    try:
        yield
    except BaseException:
        for child in list(_RUNNING):
            _kill(child)
        raise


@dataclass(frozen=True, slots=True)
class ChildOutcome:
    """What the child said and how it ended. `printed` is the end of what the project printed."""

    events: tuple[Event, ...]
    timed_out: bool
    exit_status: int
    printed: str = field(default="", repr=False)

    def all(self, event: str) -> list[Event]:
        return [e for e in self.events if e["event"] == event]

    def last(self, event: str) -> Event | None:
        found = self.all(event)
        return found[-1] if found else None


def run_child(
    request: Callable[[], Mapping[str, Any]],
    *,
    root: str,
    python: str,
    isolated: Callable[[Sequence[str]], Sequence[str]],
    environment: Mapping[str, str],
    time_limit_s: float,
) -> ChildOutcome:
    """Run the child to its end, or for `time_limit_s` seconds; then it and all it started are
    killed. `isolated` turns a command into one that runs it apart. `request` is called while the
    child loads SQLAlchemy and Alembic, so that what it makes ready costs no time of its own.

    Raises OSError where `python` cannot be started.
    """
    ours = str(Path(__file__).parents[2])
    command = list(isolated([python, "-S", "-c", _START, ours]))
    with tempfile.TemporaryFile() as printed:
        child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=printed,
            env=dict(environment),
            cwd=root,
            start_new_session=True,
        )
        _RUNNING.add(child)
        late = threading.Event()

        def stop() -> None:
            late.set()
            _kill(child)

        timer = threading.Timer(time_limit_s, stop)
        timer.daemon = True
        timer.start()
        events: list[Event] = []
        try:
            assert child.stdin is not None
            assert child.stdout is not None
            with contextlib.suppress(BrokenPipeError):
                child.stdin.write(json.dumps(request()).encode() + b"\n")
                child.stdin.flush()
            for line in child.stdout:
                with contextlib.suppress(ValueError):
                    events.append(json.loads(line))
                if events and events[-1]["event"] == "done":
                    break
        finally:
            timer.cancel()
            if not (events and events[-1]["event"] == "done"):
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.wait(timeout=0.2)
            # A finished child may have left threads or processes of the project's running.
            _kill(child)
            child.wait()
            _RUNNING.discard(child)
            for pipe in (child.stdin, child.stdout):
                if pipe is not None:
                    with contextlib.suppress(BrokenPipeError):
                        pipe.close()
        return ChildOutcome(tuple(events), late.is_set(), child.returncode, _tail(printed))


def _kill(child: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)


def _tail(printed: Any, size: int = 8000) -> str:
    end = printed.seek(0, os.SEEK_END)
    printed.seek(max(0, end - size))
    return bytes(printed.read()).decode("utf-8", "replace")
