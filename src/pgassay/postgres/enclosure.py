"""Starts a command where it can reach nothing but itself and the sockets it is left.

A program, not a module to import: `python -I -S enclosure.py OPTIONS COUNT MASK... COMMAND...`.
It makes the namespaces itself through libc, because what unshare(1) and mount(8) can do for
an ordinary user differs between util-linux versions. Linux only; standard library only.

OPTIONS, comma-separated: `pids` (a process tree of its own), `account=UID:GID` (run the command
as that account), `probe` (print the paths that cannot be masked, then end), or `-`.
Leaves with 125 when the namespaces cannot be had, 127 when the command cannot be run.
"""

import ctypes
import errno
import fcntl
import os
import signal
import socket
import struct
import sys

# <linux/sched.h>, <sys/mount.h>, <sys/prctl.h>, <linux/capability.h>, <linux/sockios.h>
_NEW_MOUNTS, _NEW_USER, _NEW_PIDS, _NEW_NETWORK = 0x20000, 0x10000000, 0x20000000, 0x40000000
_READ_ONLY, _BIND, _RECURSIVE, _PRIVATE = 0x1, 0x1000, 0x4000, 0x40000
_SET_PARENT_DEATH_SIGNAL, _DROP_FROM_BOUNDING_SET, _CAP_SYS_ADMIN = 1, 24, 21
_SET_INTERFACE_FLAGS, _INTERFACE_UP_RUNNING = 0x8914, 0x41

_CANNOT_ENCLOSE = 125
_CANNOT_RUN = 127
_UNREACHABLE = (errno.ENOENT, errno.ENOTDIR, errno.EACCES, errno.ELOOP)

_libc = ctypes.CDLL(None, use_errno=True)


class _Refused(Exception):
    """The system refused one of the steps; the text names the step and why."""


def main(arguments: list[str]) -> None:
    """Enclose this process as the options say and become the command; does not come back."""
    options = arguments[0].split(",")
    count = int(arguments[1])
    masks, command = arguments[2 : 2 + count], arguments[2 + count :]
    account = next((text[8:] for text in options if text.startswith("account=")), "")
    try:
        _separate("pids" in options)
        unmasked = [path for path in masks if not _mask(path)]
    except (_Refused, OSError) as refused:
        _leave(_CANNOT_ENCLOSE, str(refused))
    if "probe" in options:
        sys.stdout.write("\0".join(unmasked))
        sys.stdout.flush()
        os._exit(0)
    if unmasked:
        _leave(_CANNOT_ENCLOSE, f"cannot mask the socket {unmasked[0]}")
    _raise_loopback()
    if "pids" in options:
        _become_child_of_own_init()
    _become(command, account)


def _separate(own_pids: bool) -> None:
    kinds = _NEW_MOUNTS | _NEW_NETWORK | (_NEW_PIDS if own_pids else 0)
    uid, gid = os.geteuid(), os.getegid()
    if uid != 0:
        kinds |= _NEW_USER
    if _libc.unshare(kinds) != 0:
        raise _Refused(f"unshare: {os.strerror(ctypes.get_errno())}")
    if uid != 0:
        # The same numbers inside: PostgreSQL refuses uid 0 even in a user namespace.
        for name, text in (
            ("setgroups", "deny"),
            ("uid_map", f"{uid} {uid} 1"),
            ("gid_map", f"{gid} {gid} 1"),
        ):
            with open(f"/proc/self/{name}", "w") as file:
                file.write(text)
    if _mount(None, "/", _RECURSIVE | _PRIVATE) != 0:
        raise _Refused(f"mount: {os.strerror(ctypes.get_errno())}")


def _mount(source: str | None, target: str, flags: int, kind: str | None = None) -> int:
    def text(value: str | None) -> bytes | None:
        return None if value is None else os.fsencode(value)

    done: int = _libc.mount(text(source), text(target), text(kind), ctypes.c_ulong(flags), None)
    return done


def _mask(path: str) -> bool:
    """Put /dev/null over a socket, or an empty folder over a folder of them.

    A path that cannot be looked up cannot be connected to either.
    """
    if os.path.isdir(path):
        done = _mount("tmpfs", path, _READ_ONLY, "tmpfs")
    else:
        done = _mount("/dev/null", path, _BIND)
    return done == 0 or ctypes.get_errno() in _UNREACHABLE


def _raise_loopback() -> None:
    """Up to PostgreSQL 14 the statistics need 127.0.0.1; here it leads nowhere else."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
            request = struct.pack("16sh22x", b"lo", _INTERFACE_UP_RUNNING)
            fcntl.ioctl(any_socket, _SET_INTERFACE_FLAGS, request)
    except OSError:
        pass


def _become_child_of_own_init() -> None:
    """Return in a process of a tree of its own; the tree ends when that process, or we, end.

    Process 1 of the tree only waits: as process 1 the command would be spared every signal it
    has no handler for, and would have to reap the orphans of its children.
    """
    status_read, status_write = os.pipe()
    init = os.fork()
    if init:
        os.close(status_write)
        _pass_signals_on(init)
        _, status = os.waitpid(init, 0)
        told = os.read(status_read, 4)
        _end_like(struct.unpack("i", told)[0] if len(told) == 4 else status)
    _libc.prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
    os.close(status_read)
    # Refused in some containers; then the tree still sees /proc of the outer processes.
    _mount("proc", "/proc", 0, "proc")
    command = os.fork()
    if not command:
        os.close(status_write)
        return
    _pass_signals_on(command)
    while True:
        ended, status = os.wait()
        if ended == command:
            os.write(status_write, struct.pack("i", status))
            os._exit(0)


def _pass_signals_on(pid: int) -> None:
    """Ctrl-C reaches the whole group by itself, so only what is sent to us alone is passed on."""
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, lambda number, _frame: os.kill(pid, number))
    signal.signal(signal.SIGINT, lambda _number, _frame: None)


def _end_like(status: int) -> None:
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number not in (signal.SIGKILL, signal.SIGSTOP):
            signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


def _become(command: list[str], account: str) -> None:
    # Without this, root's command could lift the masks or enter its parent's namespaces.
    _libc.prctl(_DROP_FROM_BOUNDING_SET, _CAP_SYS_ADMIN, 0, 0, 0)
    try:
        if account:
            uid, gid = (int(number) for number in account.split(":"))
            os.setgroups([])
            os.setgid(gid)
            os.setuid(uid)
        # Python ignores these two; an ignored signal would stay ignored in the command.
        for number in (signal.SIGPIPE, signal.SIGXFSZ):
            signal.signal(number, signal.SIG_DFL)
        os.execvp(command[0], command)
    except OSError as failed:
        _leave(_CANNOT_RUN, f"{command[0]}: {failed.strerror}")


def _leave(code: int, reason: str) -> None:
    sys.stderr.write(reason + "\n")
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main(sys.argv[1:])
