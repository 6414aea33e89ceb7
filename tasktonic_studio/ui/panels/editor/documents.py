"""The open files: what is on disk, what is changed, what may be written. No widgets, no Qt.

Nothing unsaved is ever lost: a changed text is kept in the recovery folder soon after the change, before a save is tried,
when the editor loses the focus and when the window closes; it leaves that folder only when it has reached its file or the
user threw it away.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Final, NamedTuple

from tasktonic_studio.ui.panels.editor.recovery import LeftText, Recovery
from tasktonic_studio.ui.panels.editor.text_format import CannotEncode, TextFormat, decode, encode

MOST_BYTES: Final = 8_000_000
"""Larger files are not opened: loading and colouring them would make the window wait."""

LONGEST_LINE: Final = 100_000
"""Bytes; a longer line takes an editor longer to lay out than anybody wants to wait."""

PROTECTED: Final = "The file is write-protected."

QUIET_SECONDS: Final = 1.0
"""A text is kept when nothing was typed for this long ..."""
PATIENCE_SECONDS: Final = 10.0
"""... or when typing went on for this long."""


class DocumentProblem(Exception):
    """A file cannot be opened or saved; the message is a sentence for the screen."""


class ChangedOnDisk(DocumentProblem):
    """Someone else wrote the file since it was read: saving would undo that."""


class DiskState(Enum):
    """How a file compares with what was read from it."""

    SAME = "same"
    CHANGED = "changed"
    GONE = "gone"


class _Stamp(NamedTuple):
    modified_ns: int
    size: int
    inode: int


@dataclass(eq=False, slots=True)
class Document:
    """One open file. Made by ``Documents.open``, ended by ``Documents.close``."""

    path: Path
    """With all links followed: one file is one document."""
    format: TextFormat
    read_only: str
    """Why the text must not be changed, as a sentence; empty when it may."""
    read_text: Callable[[], str]
    """Gives the text as it is now. The view lets it ask the editor, so that typing copies no text."""
    lossy: bool = False
    """The text is not all that the file holds, so it must not be written anywhere."""
    changed: bool = False
    on_disk: DiskState = DiskState.SAME
    """As last seen, less what the user said to ignore."""
    _mine: bool = False
    """The file was changed by someone else, and the user wants what the editor has."""
    _stamp: _Stamp | None = None
    _digest: bytes = b""
    _edited_s: float | None = field(default=None)
    _kept_s: float = 0.0

    @property
    def name(self) -> str:
        return self.path.name


class Documents:
    """All open files of the editor.

    Made by the editor's view. Everything happens in the caller's thread; files are at most ``MOST_BYTES`` long.
    """

    def __init__(self, recovery: Recovery) -> None:
        self._recovery = recovery
        self._all: list[Document] = []

    def __iter__(self) -> Iterator[Document]:
        return iter(tuple(self._all))

    def __len__(self) -> int:
        return len(self._all)

    def find(self, path: Path) -> Document | None:
        """The document of a file, when it is open."""
        real = real_path(path)
        return next((document for document in self._all if document.path == real), None)

    def follow(self, old: Path, new: Path) -> list[Document]:
        """A file or a folder was renamed from here: the documents that are in another place now, with the text they have."""
        moved = [it for it in self._all if it.path == old or old in it.path.parents]
        for document in moved:
            before, document.path = document.path, new / document.path.relative_to(old)
            if document.changed:
                # Under its new name first: in no moment it is kept under none.
                self._recovery.keep(document.path, document.read_text(), document._digest)
                document._edited_s = None
            self._recovery.forget(before)
        return moved

    def open(self, path: Path) -> Document:
        """The document of a file, opened when it is not yet.

        Raises:
            DocumentProblem: it cannot be read, or is too large.
        """
        already = self.find(path)
        if already is not None:
            return already
        real = real_path(path)
        data, stamp = _read(real)
        decoded = decode(data)
        text = decoded.text
        why = decoded.problem or why_not_writable(real)
        document = Document(real, decoded.format, why, lambda: text, lossy=bool(decoded.problem))
        document._stamp, document._digest = stamp, _digest(data)
        self._all.append(document)
        return document

    def restore(self, left: LeftText) -> tuple[Document, str]:
        """Open the file of a text that an earlier Studio left, with that text as an unsaved change.

        Whether somebody has written the file since that text was begun, `Document.on_disk` says.

        Raises:
            DocumentProblem: the file cannot be read for another reason than being gone.
        """
        try:
            document = self.open(left.path)
        except DocumentProblem:
            if left.path.exists():
                raise
            document = Document(left.path, TextFormat(), "", lambda: left.text, on_disk=DiskState.GONE)
            self._all.append(document)
        if left.of not in (b"", document._digest) and document.read_text() != left.text:
            # Between the end of that Studio and now: saving the text would undo what was written there.
            document._digest, document.on_disk = left.of, DiskState.CHANGED
        # Whatever became of the file: this text is whole, and may be saved under another name.
        document.lossy = False
        return document, left.text

    def reload(self, document: Document) -> str:
        """What the file holds now; the changes are forgotten.

        Raises:
            DocumentProblem: it cannot be read.
        """
        data, stamp = _read(document.path)
        decoded = decode(data)
        document.format = decoded.format
        document.read_only = decoded.problem or why_not_writable(document.path)
        document.lossy = bool(decoded.problem)
        document._stamp, document._digest = stamp, _digest(data)
        document.on_disk = DiskState.SAME
        self._settled(document)
        return decoded.text

    def text_on_disk(self, document: Document) -> str:
        """What the file holds now; nothing is changed by asking.

        Raises:
            DocumentProblem: it cannot be read.
        """
        return decode(_read(document.path)[0]).text

    def keep_mine(self, document: Document) -> None:
        """The user saw that the file is another one on disk, and wants what the editor has."""
        document._stamp, document._digest = _stamp_of(document.path), b""
        document.on_disk = DiskState.SAME
        self._only_here(document)

    def look_at_disk(self, document: Document) -> DiskState:
        """Whether someone else wrote or removed the file since it was read, saved or looked at."""
        stamp = _stamp_of(document.path)
        if stamp is None:
            if document._stamp is not None:
                document.on_disk = DiskState.GONE
                document._stamp = None
                self._only_here(document)
        elif stamp != document._stamp:
            try:
                same = _digest(_read(document.path)[0]) == document._digest
            except DocumentProblem:
                same = False
            document._stamp = stamp
            document.on_disk = DiskState.SAME if same else DiskState.CHANGED
            if same:
                document._mine = False
        return document.on_disk

    def may_be_written_now(self, document: Document) -> bool:
        """Whether a file that was write-protected is so no more; noted."""
        # What cannot be read as text, or not be held, may not be written whoever has the right to.
        if document.read_only != PROTECTED or document.lossy or why_not_writable(document.path):
            return False
        document.read_only = ""
        return True

    def save(self, document: Document, overwrite: bool = False) -> None:
        """Write the text to its file: aside first, then in one step over it.

        Args:
            document: which one.
            overwrite: also when someone else wrote the file meanwhile.

        Raises:
            ChangedOnDisk: someone else wrote the file.
            DocumentProblem: it cannot be written. The text stays in the editor and in the recovery folder.
        """
        why = document.read_only or why_not_writable(document.path)
        if why:
            raise DocumentProblem(f"{document.name} cannot be saved. {why}")
        if not overwrite and self.look_at_disk(document) is DiskState.CHANGED:
            raise ChangedOnDisk(f"{document.name} was changed on disk by another program.")
        text = document.read_text()
        self._write(document, document.path, text)
        document.on_disk = DiskState.SAME
        self._settled(document)

    def save_as(self, document: Document, path: Path) -> None:
        """Write the text to another file, which the document is from now on.

        Raises:
            DocumentProblem: the file is open already, or cannot be written, or the text is not all of its file.
        """
        if document.lossy:
            raise DocumentProblem(f"{document.name} cannot be saved from here. {document.read_only}")
        real = real_path(path)
        if self.find(real) not in (None, document):
            raise DocumentProblem(f"{real.name} is open in another tab. Close it there, or choose another name.")
        old = document.path
        self._write(document, real, document.read_text())
        self._settled(document)
        self._recovery.forget(old)
        document.path, document.read_only, document.on_disk = real, "", DiskState.SAME

    def edited(self, document: Document, dirty: bool, now_s: float) -> None:
        """The text was changed at this time of the caller's clock.

        Args:
            document: which one.
            dirty: whether it is another one now than when it was read or saved.
            now_s: seconds of any clock, the same as for ``keep``.
        """
        document.changed = dirty or document._mine
        if not document.changed:
            self._recovery.forget(document.path)
            document._edited_s = None
            return
        if document._edited_s is None:
            document._kept_s = now_s
        document._edited_s = now_s

    def keep(self, now_s: float | None = None) -> None:
        """Have the texts kept that have been at rest, or were typed in for long; all of them without a time.

        Raises:
            DocumentProblem: one of them could not be kept lately; it is tried again.
        """
        problems = self._recovery.problems()
        failed = [document for document in self._all if document.changed and document.path in problems]
        for document in failed:
            if document._edited_s is None:
                document._edited_s = 0.0
        for document in self._all:
            edited = document._edited_s
            if edited is None or not document.changed:
                continue
            if now_s is None or now_s - edited >= QUIET_SECONDS or now_s - document._kept_s >= PATIENCE_SECONDS:
                self._recovery.keep(document.path, document.read_text(), document._digest)
                document._edited_s = None
        if failed:
            why = reason(problems[failed[0].path])
            raise DocumentProblem(
                f"Unsaved changes of {failed[0].name} cannot be kept for the case of a crash: {why}. Save them soon."
            )

    def keep_now(self) -> None:
        """Keep all texts, and wait until they are on the disk.

        Raises:
            DocumentProblem: one of them cannot be kept.
        """
        with contextlib.suppress(DocumentProblem):
            self.keep()
        self._recovery.wait()
        self.keep()

    def close(self, document: Document) -> None:
        """The user is done with the file: it is saved, or its changes are not wanted."""
        self._recovery.forget(document.path)
        self._all.remove(document)

    def _write(self, document: Document, path: Path, text: str) -> None:
        try:
            data = encode(text, document.format)
        except CannotEncode as error:
            raise DocumentProblem(f"{path.name} was not saved. {error}") from error
        if document.changed:
            # Whether that can be done or not: the file itself may well be on a better disk.
            self._recovery.keep(document.path, text, document._digest)
            if _is_written_in_place(path):
                self._recovery.wait()
        try:
            write_in_one_step(path, data)
        except OSError as error:
            raise DocumentProblem(f"{path.name} was not saved: {reason(error)}. Your text is still here.") from error
        document.format = decode(data).format
        document._stamp, document._digest = _stamp_of(path), _digest(data)

    def _only_here(self, document: Document) -> None:
        """The text is in no file: it counts as changed, and is kept at the next chance."""
        document.changed = document._mine = True
        document._edited_s = document._kept_s = 0.0

    def _settled(self, document: Document) -> None:
        document.changed = document._mine = False
        document._edited_s = None
        self._recovery.forget(document.path)


def reason(error: OSError) -> str:
    """Why the disk refused, in the words of a user."""
    words = {
        errno.ENOSPC: "the disk is full",
        errno.EDQUOT: "your share of the disk is used up",
        errno.EACCES: "you are not allowed to",
        errno.EPERM: "you are not allowed to",
        errno.EROFS: "the disk can only be read",
        errno.ENOENT: "there is no such file or folder",
        errno.ENOTDIR: "there is no such folder",
        errno.EISDIR: "it is a folder",
        errno.ENAMETOOLONG: "the name is too long",
        errno.ELOOP: "its links lead in a circle",
    }
    number = error.errno or 0
    return words.get(number, (error.strerror or str(error) or "the disk gave no reason").lower())


def write_in_one_step(path: Path, data: bytes) -> None:
    """Replace the content of a file so that it has either the old or the new one, whatever happens meanwhile.

    The file keeps its mode and, where that is allowed, its owner. A file with several hard links, or in a folder where
    nothing may be made, is written in place: otherwise the other names would keep the old content. What it had is put back
    when that fails.

    Raises:
        OSError: it cannot be written; the file is as it was.
    """
    if _is_written_in_place(path):
        _write_in_place(path, data)
        return
    try:
        old = path.stat()
    except FileNotFoundError:
        old = None
    # Of a name as long as may be, in letters of several bytes each, no more may be left over.
    aside = path.with_name(f".{path.name[:40]}.{secrets.token_hex(4)}.aside")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        try:
            if old is not None and hasattr(os, "fchmod"):
                if (old.st_uid, old.st_gid) != (os.geteuid(), os.getegid()):
                    try:
                        os.chown(descriptor, old.st_uid, old.st_gid)
                    except OSError:
                        pass
                os.fchmod(descriptor, stat.S_IMODE(old.st_mode))
            _write_out(descriptor, data)
        finally:
            os.close(descriptor)
        aside.replace(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def _is_written_in_place(path: Path) -> bool:
    try:
        return path.stat().st_nlink > 1 or not os.access(path.parent, os.W_OK)
    except OSError:
        # It is not there, or somebody has put a file in the place of its folder: writing it says what it is.
        return False


def _write_in_place(path: Path, data: bytes) -> None:
    with path.open("r+b", buffering=0) as file:
        before = file.read()
        try:
            file.seek(0)
            _write_out(file.fileno(), data)
            file.truncate(len(data))
        except OSError:
            # The room that it had is still its own.
            file.seek(0)
            _write_out(file.fileno(), before)
            file.truncate(len(before))
            raise


def _write_out(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
    os.fsync(descriptor)


def _read(path: Path) -> tuple[bytes, _Stamp]:
    try:
        facts = path.stat()
        # Asked before it is opened: a pipe or a device would make the window wait for ever.
        if not stat.S_ISREG(facts.st_mode):
            what = "a folder" if stat.S_ISDIR(facts.st_mode) else "not a file with text"
            raise DocumentProblem(f"{path.name or path} cannot be opened: it is {what}.")
        if facts.st_size > MOST_BYTES:
            raise DocumentProblem(
                f"{path.name} is too large for the editor: it has {facts.st_size / 1e6:.0f} MB, and files of up to "
                f"{MOST_BYTES / 1e6:.0f} MB can be opened."
            )
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
            facts = os.fstat(file.fileno())
    except OSError as error:
        raise DocumentProblem(
            f"{path.name or path} cannot be opened: {reason(error)}. It was looked for as {path}."
        ) from error
    except ValueError as error:
        # Such as one that an app has told of, which means nothing by it.
        raise DocumentProblem(f"{str(path)!r} cannot be opened: no file can have this name.") from error
    longest = max(map(len, data.replace(b"\r", b"\n").split(b"\n")))
    if longest > LONGEST_LINE:
        raise DocumentProblem(
            f"{path.name} cannot be opened: it has a line of {longest:,} bytes, and lines of up to {LONGEST_LINE:,} can be shown."
        )
    return data, _stamp(facts)


def _stamp(facts: os.stat_result) -> _Stamp:
    return _Stamp(facts.st_mtime_ns, facts.st_size, facts.st_ino)


def _stamp_of(path: Path) -> _Stamp | None:
    try:
        return _stamp(path.stat())
    except OSError:
        return None


def _digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=16).digest()


def real_path(path: Path) -> Path:
    """The file that a path leads to; the path itself where that cannot be told, as of one whose links lead in a circle."""
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):
        return path.absolute()


def why_not_writable(path: Path) -> str:
    """Why a file must not be changed, as a sentence; empty when it may."""
    try:
        mode = path.stat().st_mode
    except OSError:
        # Gone again since it was read: the next look at the disk says so.
        return ""
    # An administrator may write everything, so the mode is asked too: no right to write for anybody is a wish.
    if not mode & 0o222 or not os.access(path, os.W_OK):
        return PROTECTED
    return ""
