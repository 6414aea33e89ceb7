"""Unsaved text on disk, so that neither a crash nor a power cut takes it. No widgets, no Qt.

Every running Studio has a folder of its own below the recovery folder, see `draft_folder`. One that belongs to nobody any
more, because its process has ended, is offered with its texts to the next Studio that starts.

A text is on the disk itself, and not only with the system, before it takes the place of the one that was kept before. That
may take a tenth of a second, so a thread does it: `keep` and `forget` return at once, and what they asked for is done in order.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tasktonic_studio.ui.panels.editor import draft_folder

_ENDING: Final = ".json"


_Kept = tuple[str, bytes]
"""A text, and the digest of what the file held."""


@dataclass(frozen=True, slots=True)
class LeftText:
    """A text that an earlier Studio did not save."""

    path: Path
    """The file it belongs to."""
    text: str
    kept_in: Path
    of: bytes = b""
    """The digest of what the file held when the text was begun; empty where that is not known."""


class Recovery:
    """The unsaved texts of this Studio, and those that earlier ones left.

    Made and closed by the editor's view. All methods are for one thread, and none but `wait` and `close` waits for a text to
    be written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._own: Path | None = None
        self._locks: dict[Path, int] = {}
        self._turn = threading.Lock()
        """Taken for the three below, and for the folders and their locks."""
        self._waiting: dict[Path, _Kept | None] = {}
        """What is to be kept of each file; None to forget it."""
        self._problems: dict[Path, OSError] = {}
        self._worker: threading.Thread | None = None

    def keep(self, path: Path, text: str, of: bytes = b"") -> None:
        """Write down, soon, what the text of a file is now. Whether that could be done, `problems` says.

        Args:
            path: the file.
            text: all of it.
            of: a digest of what the file holds that this text is to replace.
        """
        self._put(path, (text, of))

    def forget(self, path: Path) -> None:
        """The text of this file is saved, or was thrown away on purpose."""
        if self._own is not None or self._worker is not None:
            self._put(path, None)

    def problems(self) -> Mapping[Path, OSError]:
        """The files whose last text could not be kept, and why."""
        with self._turn:
            return dict(self._problems)

    def wait(self) -> None:
        """Wait until all that was asked for is on the disk, or could not be brought there."""
        while (worker := self._worker) is not None:
            worker.join()

    def left_texts(self) -> list[LeftText]:
        """What Studios that run no more left behind, oldest first. From now on it is this one's to keep or to throw away.

        Raises:
            OSError: the folder cannot be read.
        """
        found: list[tuple[float, LeftText]] = []
        with self._turn:
            folders = sorted(self._folder.iterdir()) if self._folder.is_dir() else []
            for folder in folders:
                mine = self._take(folder) if folder != self._own and folder.is_dir() else None
                if mine is None:
                    continue
                texts = [left for kept in sorted(mine.glob(f"*{_ENDING}")) if (left := _read(kept)) is not None]
                found += [(_kept_s(left.kept_in), left) for left in texts]
                if not texts:
                    self._remove(mine)
        return [left for _, left in sorted(found, key=lambda each: each[0])]

    def throw_away(self, left: LeftText) -> None:
        """A left text was taken over or is not wanted. One that cannot be removed will be offered again."""
        with contextlib.suppress(OSError):
            left.kept_in.unlink(missing_ok=True)
            if not any(left.kept_in.parent.glob(f"*{_ENDING}")):
                self._remove(left.kept_in.parent)

    def close(self) -> None:
        """Give the locks back; what is still kept will be offered next time."""
        self.wait()
        if self._own is not None and not any(self._own.glob(f"*{_ENDING}")):
            self._remove(self._own)
        for held in self._locks.values():
            draft_folder.let_go(held)
        self._locks.clear()
        self._own = None

    # ---- in the thread

    def _put(self, path: Path, kept: _Kept | None) -> None:
        with self._turn:
            # Behind all that was asked for before, also where something waited for this file.
            self._waiting.pop(path, None)
            self._waiting[path] = kept
            if self._worker is None:
                self._worker = threading.Thread(target=self._work, name="recovery", daemon=True)
                self._worker.start()

    def _work(self) -> None:
        """Do what waits, and end. Of each file only the last text counts."""
        while True:
            with self._turn:
                path = next(iter(self._waiting), None)
                if path is None:
                    self._worker = None
                    return
                kept = self._waiting.pop(path)
            problem = self._do(path, kept)
            with self._turn:
                if problem is None:
                    self._problems.pop(path, None)
                else:
                    self._problems[path] = problem

    def _do(self, path: Path, kept: _Kept | None) -> OSError | None:
        try:
            if kept is not None:
                self._write(path, *kept)
            elif self._own is not None:
                # What cannot be removed will be offered once more, which does no harm.
                with contextlib.suppress(OSError):
                    (self._own / _name_for(path)).unlink(missing_ok=True)
        except OSError as error:
            return error
        except Exception as error:
            return OSError(f"{type(error).__name__}: {error}")
        return None

    def _write(self, path: Path, text: str, of: bytes) -> None:
        with self._turn:
            folder = self._own_folder()
        target = folder / _name_for(path)
        aside = target.with_suffix(".aside")
        try:
            with aside.open("w", encoding="ascii") as file:
                file.write(json.dumps({"path": str(path), "text": text, "of": of.hex()}))
                file.flush()
                os.fsync(file.fileno())
            aside.replace(target)
        except OSError:
            aside.unlink(missing_ok=True)
            raise
        _sync_folder(folder)

    def _own_folder(self) -> Path:
        own = self._own
        if own is None or not own.is_dir():
            made = self._new_folder()
            own = self._take(made)
            # Another Studio that starts just now may have taken the new folder for a left one, and removes it then.
            if own is None:
                _remove_empty(made)
                made = self._new_folder()
                own = self._take(made) or made
            self._own = own
        return own

    def _new_folder(self) -> Path:
        own = self._folder / draft_folder.new_name()
        own.mkdir(mode=0o700, parents=True)
        return own

    def _take(self, folder: Path) -> Path | None:
        """Take a folder; gives where it is then, None when somebody else has it."""
        if folder in self._locks:
            return folder
        taken = draft_folder.take(folder)
        if taken is None:
            return None
        self._locks[taken.folder] = taken.held
        return taken.folder

    def _remove(self, folder: Path) -> None:
        held = self._locks.pop(folder, None)
        if held is not None:
            draft_folder.let_go(held)
        # A text that could not be read stays where it is, with its folder, for a person to look at.
        _remove_empty(folder)


def _remove_empty(folder: Path) -> None:
    """Remove a folder with nothing but its lock."""
    with contextlib.suppress(OSError):
        if {entry.name for entry in folder.iterdir()} <= {draft_folder.LOCK}:
            (folder / draft_folder.LOCK).unlink(missing_ok=True)
            folder.rmdir()


def _kept_s(kept: Path) -> float:
    """When a text was kept; 0 when that cannot be found out."""
    try:
        return kept.stat().st_mtime
    except OSError:
        return 0.0


def _sync_folder(folder: Path) -> None:
    """Have the new name on the disk as well, where a folder can be asked for that."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _name_for(path: Path) -> str:
    return hashlib.sha256(str(path).encode("utf-8", "surrogatepass")).hexdigest()[:20] + _ENDING


def _read(kept: Path) -> LeftText | None:
    try:
        facts = json.loads(kept.read_text(encoding="ascii"))
        path, text = facts["path"], facts["text"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    if not isinstance(path, str) or not isinstance(text, str):
        return None
    try:
        of = bytes.fromhex(facts.get("of", ""))
    except (ValueError, TypeError):
        of = b""  # the text counts
    return LeftText(Path(path), text, kept, of)
