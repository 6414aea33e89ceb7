"""Unsaved text on disk, so that neither a crash nor a power cut takes it. No widgets, no Qt.

Every running Studio has a folder of its own below the recovery folder, with a lock that the system takes away when the
process ends, however it ends. A folder whose lock can be had therefore belongs to nobody any more: its texts are offered
to the next Studio that starts.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_LOCK: Final = "lock"
_ENDING: Final = ".json"


@dataclass(frozen=True, slots=True)
class LeftText:
    """A text that an earlier Studio did not save."""

    path: Path
    """The file it belongs to."""
    text: str
    kept_in: Path


class Recovery:
    """The unsaved texts of this Studio, and those that earlier ones left.

    Made and closed by the editor panel. Any error of the disk comes out as ``OSError``.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._own: Path | None = None
        self._locks: dict[Path, int] = {}

    def keep(self, path: Path, text: str) -> None:
        """Write down what the text of a file is now."""
        target = self._own_folder() / _name_for(path)
        aside = target.with_suffix(".aside")
        aside.write_text(json.dumps({"path": str(path), "text": text}), encoding="ascii")
        aside.replace(target)

    def forget(self, path: Path) -> None:
        """The text of this file is saved, or was thrown away on purpose."""
        if self._own is not None:
            (self._own / _name_for(path)).unlink(missing_ok=True)

    def left_texts(self) -> list[LeftText]:
        """What Studios that run no more left behind. From now on it is this one's to keep or to throw away."""
        found: list[LeftText] = []
        if not self._folder.is_dir():
            return found
        for folder in sorted(self._folder.iterdir()):
            if folder == self._own or not folder.is_dir() or not self._lock(folder):
                continue
            texts = [left for kept in sorted(folder.glob(f"*{_ENDING}")) if (left := _read(kept)) is not None]
            found += texts
            if not texts:
                self._remove(folder)
        return found

    def throw_away(self, left: LeftText) -> None:
        """A left text was taken over or is not wanted."""
        left.kept_in.unlink(missing_ok=True)
        if not any(left.kept_in.parent.glob(f"*{_ENDING}")):
            self._remove(left.kept_in.parent)

    def close(self) -> None:
        """Give the locks back; what is still kept will be offered next time."""
        if self._own is not None and not any(self._own.glob(f"*{_ENDING}")):
            self._remove(self._own)
        for descriptor in self._locks.values():
            os.close(descriptor)
        self._locks.clear()
        self._own = None

    def _own_folder(self) -> Path:
        if self._own is None or not self._own.is_dir():
            own = self._folder / f"{os.getpid()}-{secrets.token_hex(4)}"
            own.mkdir(mode=0o700, parents=True)
            self._own = own
            self._lock(own)
        return self._own

    def _lock(self, folder: Path) -> bool:
        if folder in self._locks:
            return True
        try:
            descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            return False
        try:
            if sys.platform == "win32":
                msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
            else:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            return False
        self._locks[folder] = descriptor
        return True

    def _remove(self, folder: Path) -> None:
        descriptor = self._locks.pop(folder, None)
        if descriptor is not None:
            os.close(descriptor)
        # A text that could not be read stays where it is, with its folder, for a person to look at.
        with contextlib.suppress(OSError):
            if {entry.name for entry in folder.iterdir()} <= {_LOCK}:
                (folder / _LOCK).unlink(missing_ok=True)
                folder.rmdir()


def _name_for(path: Path) -> str:
    return hashlib.sha256(str(path).encode("utf-8", "surrogatepass")).hexdigest()[:20] + _ENDING


def _read(kept: Path) -> LeftText | None:
    try:
        facts = json.loads(kept.read_text(encoding="ascii"))
        path, text = facts["path"], facts["text"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if not isinstance(path, str) or not isinstance(text, str):
        return None
    return LeftText(Path(path), text, kept)
