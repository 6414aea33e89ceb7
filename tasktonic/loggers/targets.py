"""Which log targets an app has: what the settings below ``tasktonic/log`` say."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from ..errors import ttSettingError
from ..ledger import ttLedger
from ..log_levels import ttLog
from ..store import Store
from ..stream import Level, stream
from .last_words import tell, what_went_wrong
from .screen import ScreenLog
from .service import Elsewhere, ttLogService

TO: Final = "tasktonic/log/to"
SERVICE: Final = "tasktonic/log/service#"
SERVICE_NAME: Final = "tasktonic/log/service./name"
FILE_PATH: Final = "tasktonic/log/file/path"
FILE_MAX_BYTES: Final = "tasktonic/log/file/max_bytes"
FILE_BACKUPS: Final = "tasktonic/log/file/backups"

Maker = Callable[[], ttLogService]

shown_elsewhere: Final[set[str]] = set()
"""Targets whose lines somebody else shows: a studio that launched the app shows what would go to the screen."""


def open_targets(ledger: ttLedger) -> None:
    """Make the log targets that an app wants, and let them read. When the app begins.

    Raises:
        ttSettingError: a setting is wrong.
    """
    for target in make_targets(ledger.formula):
        if ledger.default_log_mode is ttLog.FULL and target.follows_log_modes:
            target.level = Level.RUNS
        target._tt_siblings = ledger.log_targets
        ledger.log_targets.append(target)
    for target in ledger.log_targets:
        stream.attach(target)


def close_targets(ledger: ttLedger) -> None:
    """Let them write what is left, then close them in the order in which they were named. When the app has ended."""
    stream.hand_over()
    for target in ledger.log_targets:
        stream.detach(target)
    for target in ledger.log_targets:
        target._tt_close()
        target._tt_wait()
    ledger.log_targets.clear()


def make_targets(settings: Store) -> list[ttLogService]:
    """The log targets for ``tasktonic/log/to``: a name, or several in a list or separated by commas.

    One that cannot be made is told on stderr and left out.

    Raises:
        ttSettingError: there is no target of that name (the message lists those there are), or another setting is wrong.
    """
    makers: dict[str, Maker] = {
        "screen": ScreenLog,
        "logging": _make_standard_log,
        "file": lambda: _make_file_log(settings),
        **_services(settings),
    }
    names = _names(settings.get(TO))
    for name in names:
        if name not in makers and name != "off":
            raise ttSettingError(_no_such_target(settings.get(TO), name, ["off", *makers]))
    made = [_make(name, makers[name]) for name in names if name != "off"]
    return [target for target in made if target is not None]


def _names(wanted: Any) -> list[str]:
    if wanted is None:
        return []
    parts = wanted.split(",") if isinstance(wanted, str) else wanted
    if not isinstance(parts, (list, tuple, set, frozenset)) or not all(isinstance(part, str) for part in parts):
        raise ttSettingError(
            f"{TO} = {wanted!r}: give the name of a log target, or several in a list or separated by commas."
        )
    return list(dict.fromkeys(name for part in parts if (name := part.strip())))


def _no_such_target(wanted: Any, name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name.lower(), [one.lower() for one in known], 1)
    meant = [one for one in known if one.lower() in close]
    hint = f" Did you mean {meant[0]!r}?" if meant else ""
    return (
        f"{TO} = {wanted!r}: no log target {name!r}; there are {', '.join(known)}.{hint} "
        f"One of your own is registered under {SERVICE}."
    )


def _make(name: str, maker: Maker) -> ttLogService | None:
    if name in shown_elsewhere:
        return Elsewhere()
    try:
        target: Any = maker()
    except ttSettingError:
        raise
    except Exception as error:
        tell(
            f"tasktonic: the log target {name} could not be made: {what_went_wrong(error)}. The app goes on without it.\n"
        )
        return None
    if not isinstance(target, ttLogService):
        raise ttSettingError(
            f"the log target {name} was registered with a function that gave {target!r}; it has to give an instance of a "
            "subclass of ttLogService."
        )
    if not hasattr(target, "_tt_called"):
        raise ttSettingError(f"{type(target).__name__}: __init__ did not call super().__init__(). Call it first.")
    target._tt_called = name
    return target


def _services(settings: Store) -> dict[str, Maker]:
    """What is registered under ``tasktonic/log/service#``, by name."""
    found: dict[str, Maker] = {}
    for item in settings["tasktonic/log"].children("service"):
        maker: Any = item.v
        given = item.get("name")
        name = getattr(maker, "__name__", "") if given is None else given
        if isinstance(maker, type) and not issubclass(maker, ttLogService):
            raise ttSettingError(f"{item.path} = {maker!r}: a log service is a subclass of ttLogService; this is none.")
        if isinstance(maker, type) and getattr(maker, "write", None) is ttLogService.write:
            raise ttSettingError(
                f"{item.path} = {maker!r}: it has no write(self, record), so nothing would be logged. See help(ttLogService)."
            )
        if not callable(maker):
            raise ttSettingError(
                f"{item.path} = {maker!r}: register a subclass of ttLogService, or a function without arguments that gives an "
                "instance of one."
            )
        if not isinstance(name, str) or not name.strip():
            raise ttSettingError(f"{item.path} has no name: add ('{SERVICE_NAME}', 'such as this') behind it.")
        if name in found or name in ("off", "screen", "logging", "file"):
            raise ttSettingError(
                f"{item.path}: there already is a log target {name!r}. Give this one another name: "
                f"('{SERVICE_NAME}', 'such as this') behind it."
            )
        found[name] = maker
    return found


# These two load modules that a program which logs elsewhere need not wait for at its start.


def _make_standard_log() -> ttLogService:
    from .stdlib import StandardLog

    return StandardLog()


def _make_file_log(settings: Store) -> ttLogService:
    from .file import BACKUPS, MAX_BYTES, FileLog

    path = settings.get(FILE_PATH)
    if path is None:
        name = Path(str(settings.get("tasktonic/project/name", ""))).stem
        path = (re.sub(r"[^\w.-]+", "_", name) or "tasktonic") + ".log"
    if not isinstance(path, (str, Path)) or not str(path):
        raise ttSettingError(f"{FILE_PATH} = {path!r}: give the path of a file, as text.")
    max_bytes = _whole_number(settings, FILE_MAX_BYTES, MAX_BYTES)
    backups = _whole_number(settings, FILE_BACKUPS, BACKUPS)
    settings.set({FILE_PATH: str(path), FILE_MAX_BYTES: max_bytes, FILE_BACKUPS: backups})
    return FileLog(Path(path), max_bytes, backups)


def _whole_number(settings: Store, path: str, usual: int) -> int:
    number = settings.get(path, usual)
    if not isinstance(number, int) or isinstance(number, bool) or number < 0:
        raise ttSettingError(f"{path} = {number!r}: give a whole number, 0 or more.")
    return number
