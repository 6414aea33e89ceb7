"""Where a running probe is found: the folder of this user, the files in it, and the addresses they name.

An app that listens has three files in a folder that only its user can enter: ``PID.sock`` (the socket), ``PID.token`` (what a
studio must say first) and ``PID.json`` (who it is; the last to be written). They are removed at the end of the app. An app that
was killed leaves them; whoever lists the folder sees that no such process runs any more, and removes them.

Without Unix sockets, or where the path of one would be too long, the address is a port of 127.0.0.1; never another one. An
app on another machine is reached by forwarding its socket, ``ssh -L LOCAL.sock:REMOTE.sock HOST``, with the token from there.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Final

from tasktonic.errors import ttError
from tasktonic.protocol.version import why_not_together

_LONGEST_SOCKET_PATH: Final = 103 if sys.platform == "darwin" else 107
_LONGEST_FILE: Final = 64 * 1024


class ttAddressError(ttError, ValueError):
    """An address cannot be used, or a folder or file cannot be trusted."""


@dataclass(frozen=True, slots=True)
class Address:
    """A Unix socket (``path``) or a port of 127.0.0.1."""

    path: str = ""
    port: int = 0

    def __str__(self) -> str:
        return f"unix:{self.path}" if self.path else f"tcp:127.0.0.1:{self.port}"

    @classmethod
    def parse(cls, text: str) -> Address:
        """The address for ``unix:PATH`` or ``tcp:127.0.0.1:PORT``.

        Raises:
            ttAddressError: it is neither.
        """
        scheme, _, rest = text.partition(":")
        if scheme == "unix" and rest and "\0" not in rest:
            return cls(path=rest)
        host, _, port = rest.rpartition(":")
        if scheme == "tcp" and host in ("127.0.0.1", "localhost") and port.isascii() and port.isdigit():
            if 0 < int(port[:6]) < 65_536:
                return cls(port=int(port))
        raise ttAddressError(
            f"{text[:200]!r} is no address of a probe: 'unix:PATH' or 'tcp:127.0.0.1:PORT' is expected. "
            "Other machines are reached through ssh -L."
        )

    def new_socket(self) -> socket.socket:
        """A socket of the right family for this address."""
        return socket.socket(socket.AF_UNIX if self.path else socket.AF_INET, socket.SOCK_STREAM)

    @property
    def for_socket(self) -> str | tuple[str, int]:
        """What ``bind`` and ``connect`` want."""
        return self.path or ("127.0.0.1", self.port)


@dataclass(frozen=True, slots=True)
class Rendezvous:
    """What a listening app tells of itself in ``PID.json``."""

    pid: int
    started: str
    """When the process began, as the system tells it: a later process may have the same pid."""
    address: str
    token_file: str
    script: str
    cwd: str
    python: str
    framework: str
    protocol: int


@dataclass(frozen=True, slots=True)
class Found:
    """A running app as it was found. ``problem`` is a sentence when it cannot be attached to, else empty."""

    pid: int
    script: str
    address: str
    token_file: str
    problem: str = ""
    cwd: str = ""
    python: str = ""
    framework: str = ""


# ---- folders --------------------------------------------------------------------------------------------------------


def folder_of_user(create: bool = False) -> Path:
    """The folder of this user for probes.

    Args:
        create: make it when it is not there.

    Raises:
        ttAddressError: it belongs to someone else, or others can enter it.
    """
    folder = _folders()[0]
    if create:
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700, parents=sys.platform == "win32")
    verify_folder(folder)
    return folder


def verify_folder(folder: Path) -> None:
    """See that a folder is this user's, and nobody else can enter it.

    Raises:
        ttAddressError: it is not so; the sentence says what to do.
    """
    try:
        found = folder.lstat()
    except OSError as error:
        raise ttAddressError(f"The folder {folder} cannot be used: {error.strerror}.") from None
    if not stat.S_ISDIR(found.st_mode):
        raise ttAddressError(f"{folder} is no folder. Remove it.")
    if sys.platform == "win32":
        return
    if found.st_uid != os.geteuid():
        raise ttAddressError(f"The folder {folder} belongs to user {found.st_uid}, not to you ({os.geteuid()}).")
    if found.st_mode & 0o077:
        raise ttAddressError(f"Others can enter the folder {folder}. Close it with: chmod 700 {folder}")


def _folders() -> list[Path]:
    """Where probes of this user may be found, the one for new ones first."""
    if sys.platform == "win32":
        return [Path(os.environ.get("LOCALAPPDATA") or tempfile.gettempdir()) / "TaskTonic" / "run"]
    folders = []
    given = os.environ.get("XDG_RUNTIME_DIR")
    if given and _is_own_folder(Path(given)):
        folders.append(Path(given) / "tasktonic")
    # An app that was started without the variable (by cron, over ssh) is found all the same, and the other way round.
    usual = Path(f"/run/user/{os.geteuid()}")
    if not given and _is_own_folder(usual):
        folders.append(usual / "tasktonic")
    folders.append(_temporary_folder(os.geteuid()))
    return folders


def _temporary_folder(uid: int) -> Path:
    return Path(tempfile.gettempdir()) / f"tasktonic-{uid}"


def _is_own_folder(folder: Path) -> bool:
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()


def listening_address(folder: Path, pid: int) -> Address:
    """The address a probe should listen at. A port of 0 asks the system for a free one.

    A path too long for a socket gives way to the folder below the system's temporary one, then to a port.
    """
    if not hasattr(socket, "AF_UNIX") or sys.platform == "win32":
        return Address(port=0)
    path = folder / f"{pid}.sock"
    if len(os.fsencode(path)) > _LONGEST_SOCKET_PATH:
        short = _temporary_folder(os.geteuid())
        try:
            short.mkdir(mode=0o700, exist_ok=True)
            verify_folder(short)
        except (OSError, ttAddressError):
            return Address(port=0)
        path = short / f"{pid}.sock"
    return Address(path=str(path)) if len(os.fsencode(path)) <= _LONGEST_SOCKET_PATH else Address(port=0)


# ---- files ----------------------------------------------------------------------------------------------------------


def new_token() -> str:
    """A secret nobody can guess."""
    return secrets.token_hex(32)


def write_private(path: Path, text: str) -> None:
    """Write a file that only this user can read, whole or not at all."""
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        aside.replace(path)
    except OSError:
        aside.unlink(missing_ok=True)
        raise


def read_token(path: str | Path) -> str:
    """The token in a token file.

    Raises:
        ttAddressError: the file cannot be read, or is not this user's alone.
    """
    return _read_private(Path(path)).strip()


def publish(folder: Path, rendezvous: Rendezvous) -> Path:
    """Write ``PID.json``: the app can be found from now on."""
    path = folder / f"{rendezvous.pid}.json"
    write_private(path, json.dumps(asdict(rendezvous), indent=2))
    return path


def withdraw(pid: int) -> None:
    """Remove the files of a process from the folders of this user."""
    for folder in _folders():
        _remove_files(folder, pid)


def find_running() -> list[Found]:
    """The apps that listen on this machine, newest first, with the reason when one cannot be attached to.

    What processes that are gone have left behind is removed.
    """
    found: list[Found] = []
    for folder in _folders():
        found += _found_in(folder)
    return found + list(_of_other_users())


def _found_in(folder: Path) -> list[Found]:
    try:
        verify_folder(folder)
    except ttAddressError as error:
        return [Found(0, "", "", "", str(error))] if folder.exists() else []
    files = [path for path in folder.glob("*.json") if path.stem.isascii() and path.stem.isdigit()]
    found = []
    for path in sorted(files, key=_modified, reverse=True):
        one = _read_rendezvous(path)
        if one is not None:
            found.append(one)
    return found


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _read_rendezvous(path: Path) -> Found | None:
    """What one file says; ``None`` when it was stale and is removed."""
    pid = int(path.stem)
    try:
        data = json.loads(_read_private(path))
        known = {field.name: data[field.name] for field in fields(Rendezvous)}
        for name, value in known.items():
            if type(value) is not (int if name in ("pid", "protocol") else str):
                raise ValueError(f"{name} is {value!r}")
        rendezvous = Rendezvous(**known)
        if rendezvous.pid != pid:
            raise ValueError(f"the pid in it is {rendezvous.pid}")
    except ttAddressError as error:
        return Found(pid, "", "", "", str(error)) if path.exists() else None
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        if not _runs(pid):
            _remove_files(path.parent, pid)
            return None
        return Found(pid, "", "", "", f"The file {path} cannot be read: {error}. A newer version may have written it.")
    if not is_running(pid, rendezvous.started):
        _remove_files(path.parent, pid)
        return None
    problem = why_not_together(rendezvous.protocol, "app", "studio")
    with contextlib.suppress(ttAddressError):
        Address.parse(rendezvous.address)
        return Found(
            pid,
            rendezvous.script,
            rendezvous.address,
            rendezvous.token_file,
            problem,
            rendezvous.cwd,
            rendezvous.python,
            rendezvous.framework,
        )
    return Found(pid, rendezvous.script, "", "", f"The file {path} names no address that can be used.")


def _of_other_users() -> Iterator[Found]:
    """Apps of others can be seen to be there, below the temporary folder, and no more than that."""
    if sys.platform == "win32":
        return
    for folder in sorted(Path(tempfile.gettempdir()).glob("tasktonic-*")):
        uid = folder.name.removeprefix("tasktonic-")
        if uid.isascii() and uid.isdigit() and int(uid) != os.geteuid():
            yield Found(
                0, "", "", "", f"Apps of user {_user_name(int(uid))} may be running; only that user can attach to them."
            )


def _user_name(uid: int) -> str:
    try:
        import pwd

        return f"{pwd.getpwuid(uid).pw_name} ({uid})"
    except (ImportError, KeyError):
        return str(uid)


def _read_private(path: Path) -> str:
    """A small file of this user that nobody else can read."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as file:
            found = os.fstat(descriptor)
            if not stat.S_ISREG(found.st_mode):
                raise ttAddressError(f"{path} is no file.")
            if sys.platform != "win32" and (found.st_uid != os.geteuid() or found.st_mode & 0o077):
                raise ttAddressError(f"The file {path} is not yours alone; it is not trusted.")
            return file.read(_LONGEST_FILE).decode("utf-8", "replace")
    except OSError as error:
        raise ttAddressError(f"The file {path} cannot be read: {error.strerror}.") from None


def _remove_files(folder: Path, pid: int) -> None:
    for suffix in ("json", "token", "sock"):
        with contextlib.suppress(OSError):
            (folder / f"{pid}.{suffix}").unlink()


# ---- processes ------------------------------------------------------------------------------------------------------


def process_started(pid: int) -> str:
    """When a process began, in the words of the system; empty when it cannot be had."""
    status = _linux_status(pid)
    if len(status) > 19:
        return status[19]
    if sys.platform == "darwin":
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            listed = subprocess.run(
                ["/bin/ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, timeout=5, check=False
            )
            return listed.stdout.strip()
    return ""


def _linux_status(pid: int) -> list[str]:
    """The fields of ``/proc/PID/stat`` from the third (the state) on; empty when there are none."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    # The second field is the name, in parentheses; it may hold spaces and parentheses itself.
    return text.rpartition(")")[2].split()


def is_running(pid: int, started: str) -> bool:
    """Whether that very process runs; a later one with the same pid does not count."""
    return _runs(pid) and (not started or process_started(pid) in ("", started))


def _runs(pid: int) -> bool:
    if pid <= 0:
        return False
    if sys.platform == "win32":
        return _runs_on_windows(pid)
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    # One that has ended and was not waited for is still there, as a zombie.
    return _linux_status(pid)[:1] not in (["Z"], ["X"])


def _runs_on_windows(pid: int) -> bool:
    import ctypes

    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined,unused-ignore]
    handle = kernel.OpenProcess(0x1000, False, pid)  # PROCESS_QUERY_LIMITED_INFORMATION
    if not handle:
        return False
    code = ctypes.c_ulong()
    kernel.GetExitCodeProcess(handle, ctypes.byref(code))
    kernel.CloseHandle(handle)
    return code.value == 259  # STILL_ACTIVE
