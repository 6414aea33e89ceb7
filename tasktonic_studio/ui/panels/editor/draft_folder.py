"""Whose a folder with unsaved texts is: the lock of one belongs to a process, and goes with it however it ends.

Some file systems lock nothing (networks without a service for it, some containers). There the process writes into the lock who it
is: its number, when it began, and on which machine. Such a folder is free when that process runs no more, which only that machine
can tell. Of several that find it free in one instant one has it: who takes it gives it a new name, which can be done once, and the
name says who that is until the lock does. No widgets, no Qt.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import platform
import secrets
import sys
from pathlib import Path
from typing import Final, NamedTuple

from tasktonic.protocol.address import is_running, process_started

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

LOCK: Final = "lock"
_LOCKS_NOTHING: Final = frozenset({errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL})
_LONGEST: Final = 1_000
_PARTS: Final = 4


class Taken(NamedTuple):
    """A folder that belongs to this process."""

    folder: Path
    """Where it is now."""
    held: int
    """What holds it, for `let_go`."""


def new_name() -> str:
    """A name for a folder, which tells that it is of this process."""
    return f"{_own_begin()}{secrets.token_hex(4)}"


def take(folder: Path) -> Taken | None:
    """Take a folder for this process; it may have another name then. None when somebody else has it."""
    try:
        held = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        return None
    try:
        _lock(held)
    except OSError as error:
        if error.errno not in _LOCKS_NOTHING or _has_owner(held) or _is_just_taken(folder.name):
            os.close(held)
            return None
        if not folder.name.startswith(_own_begin()):
            os.close(held)
            return _take_over(folder)
    # Also where it is locked: the next one may come by another way to these files, on which nothing is.
    with contextlib.suppress(OSError):
        _sign(held)
    return Taken(folder, held)


def _take_over(folder: Path) -> Taken | None:
    own = folder.with_name(new_name())
    try:
        folder.rename(own)
        held = os.open(own / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        return None  # somebody else was faster
    with contextlib.suppress(OSError):
        _sign(held)
    return Taken(own, held)


def _own_begin() -> str:
    pid = os.getpid()
    return f"{pid}-{_hashed(process_started(pid))}-{_hashed(platform.node())}-"


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _is_just_taken(name: str) -> bool:
    """Whether a name is that of a process that runs, or of another machine, so that it need not have signed yet."""
    parts = name.split("-")
    if len(parts) != _PARTS or not parts[0].isdigit() or name.startswith(_own_begin()):
        return False
    pid, started, machine, _ = parts
    if machine != _hashed(platform.node()):
        return True
    return is_running(int(pid), "") and started in (_hashed(process_started(int(pid))), _hashed(""))


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
