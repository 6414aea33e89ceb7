"""Whose a folder with unsaved texts is: the lock of one belongs to a process, and goes with it however it ends.

Some file systems lock nothing (networks without a service for it, some containers). There the process writes into the lock who it
is: its number, when it began, and on which machine. Such a folder is free when that process runs no more, which only that machine
can tell. No widgets, no Qt.
"""

from __future__ import annotations

import contextlib
import errno
import os
import platform
import sys
from pathlib import Path
from typing import Final

from tasktonic.protocol.address import is_running, process_started

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

LOCK: Final = "lock"
_LOCKS_NOTHING: Final = frozenset({errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL})
_LONGEST: Final = 1_000


def take(folder: Path) -> int | None:
    """Take a folder for this process. Gives what holds it, for `let_go`; None when somebody else has it."""
    try:
        held = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        return None
    try:
        _lock(held)
    except OSError as error:
        if error.errno not in _LOCKS_NOTHING or _has_owner(held):
            os.close(held)
            return None
    # Also where it is locked: the next one may come by another way to these files, on which nothing is.
    with contextlib.suppress(OSError):
        _sign(held)
    return held


def let_go(held: int) -> None:
    """Somebody else may have the folder from now on."""
    with contextlib.suppress(OSError):
        os.ftruncate(held, 0)
    os.close(held)


def _lock(held: int) -> None:
    if sys.platform == "win32":
        msvcrt.locking(held, msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _sign(held: int) -> None:
    pid = os.getpid()
    os.lseek(held, 0, os.SEEK_SET)
    os.ftruncate(held, os.write(held, f"{pid}\n{process_started(pid)}\n{platform.node()}\n".encode()))


def _has_owner(held: int) -> bool:
    """Whether the process that has signed runs, or ran on another machine."""
    try:
        os.lseek(held, 0, os.SEEK_SET)
        signed = os.read(held, _LONGEST).decode("utf-8", "replace").split("\n")
        pid, started, machine = int(signed[0]), signed[1], signed[2]
    except (OSError, ValueError, IndexError):
        return False  # nobody has, or it came to no end
    return machine != platform.node() or is_running(pid, started)
