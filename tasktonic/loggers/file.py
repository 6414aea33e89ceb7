"""JSON lines in a file that does not grow without end.

A line is an object with ``time`` (local, with its distance from UTC), ``event``, ``id``, ``name`` and whatever else of a
``LogRecord`` says something. When a line would make the file larger than ``max_bytes``, ``app.log`` becomes ``app.log.1``,
that becomes ``app.log.2`` and so on; of these there are at most ``backups``.
"""

from __future__ import annotations

import functools
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from .record import LogRecord
from .service import ttLogService

MAX_BYTES: Final = 10_000_000
BACKUPS: Final = 5

_encode: Final = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode

_MORE_LINE_ENDS: Final = (("\x85", "\\u0085"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029"))
"""What JSON leaves alone inside a text, while some readers take it for the end of a line."""


class FileLog(ttLogService):
    """The target ``file``. Lines are appended; the file is opened when there is something to write.

    Args:
        path: of the file. Its folder must exist.
        max_bytes: how large it gets; 0 for any size.
        backups: how many older files are kept.
    """

    def __init__(self, path: Path, max_bytes: int = MAX_BYTES, backups: int = BACKUPS) -> None:
        super().__init__()
        self._path = path
        self._max_bytes = max_bytes
        self._backups = backups
        self._number = -1
        """Of the open file."""
        self._size = 0
        self._lines: list[bytes] = []
        self._lines_size = 0

    def write(self, record: LogRecord) -> None:
        if self._number < 0:
            self._open()
        line = as_json(record)
        size = self._size + self._lines_size
        if self._max_bytes and size and size + len(line) > self._max_bytes:
            self.flush()
            self._rotate()
        self._lines.append(line)
        self._lines_size += len(line)

    def flush(self) -> None:
        data = b"".join(self._lines)
        self._lines.clear()
        self._lines_size = 0
        self._size += len(data)
        while data:
            data = data[os.write(self._number, data) :]

    def close(self) -> None:
        if self._number >= 0:
            os.close(self._number)
            self._number = -1

    def _open(self) -> None:
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
        self._number = os.open(self._path, flags, 0o666)
        self._size = os.fstat(self._number).st_size
        if self._size:
            os.lseek(self._number, -1, os.SEEK_END)
            if os.read(self._number, 1) != b"\n":  # whoever wrote before was killed in the middle of a line
                self._lines.append(b"\n")
                self._lines_size = 1

    def _rotate(self) -> None:
        self.close()
        for number in range(self._backups - 1, 0, -1):
            older = self._numbered(number)
            if older.exists():
                older.replace(self._numbered(number + 1))
        if self._backups:
            self._path.replace(self._numbered(1))
        else:
            self._path.unlink()
        self._open()

    def _numbered(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{number}")


def as_json(record: LogRecord) -> bytes:
    """A record as a line of JSON. What is empty or false is left out."""
    at_us = round(record.time * 1e6)
    seconds, zone = _second(at_us // 1_000_000)
    said = {key: value for key, value in zip(LogRecord._fields, record, strict=True) if value or key == "id"}
    said["time"] = f"{seconds}.{at_us % 1_000_000:06d}{zone}"
    text = _encode(said)
    for sign, escape in _MORE_LINE_ENDS:
        text = text.replace(sign, escape)
    # Half of a surrogate pair has no place in UTF-8; spelled out it is what JSON writes for it.
    return text.encode("utf-8", "backslashreplace") + b"\n"


@functools.lru_cache(maxsize=16)
def _second(seconds: int) -> tuple[str, str]:
    """A second on the clock of the wall, and how far that is from UTC. Thousands of lines may have the same."""
    local = datetime.fromtimestamp(seconds, UTC).astimezone()
    text = local.isoformat(timespec="seconds")
    return text[:19], text[19:]
