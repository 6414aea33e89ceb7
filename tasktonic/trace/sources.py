"""The text of the files in which classes are defined, so that an old trace shows the code that ran."""

from __future__ import annotations

import hashlib
import linecache
import struct
import tokenize
from pathlib import Path
from typing import Any, Final, NamedTuple

MOST_FILES: Final = 1_000
MAX_BYTES: Final = 1024 * 1024
"""A longer file is left out: nobody wrote it by hand."""
MAX_BYTES_OF_ALL: Final = 16 * 1024 * 1024

_HEAD: Final = struct.Struct("<I32s")
_OWN_FOLDER: Final = str(Path(__file__).parents[1])


class Source(NamedTuple):
    """A file as it was when its classes were first used. ``sha256`` is that of the text in UTF-8."""

    file: str
    sha256: str
    text: str

    def pack(self) -> bytes:
        """The payload of a SOURCE frame."""
        name, text = (part.encode("utf-8", "surrogatepass") for part in (self.file, self.text))
        return b"".join((_HEAD.pack(len(name), bytes.fromhex(self.sha256)), name, text))

    @classmethod
    def unpack(cls, payload: bytes) -> Source:
        """A source from the payload of its frame.

        Raises:
            ValueError: it is none.
        """
        if len(payload) < _HEAD.size:
            raise ValueError("a source text is cut off")
        size, digest = _HEAD.unpack_from(payload)
        both = payload[_HEAD.size :]
        if size > len(both):
            raise ValueError("a source text is cut off")
        if hashlib.sha256(both[size:]).digest() != digest:
            raise ValueError("a source text is not the one it says it is")
        name, text = (part.decode("utf-8", "surrogatepass") for part in (both[:size], both[size:]))
        return cls(name, digest.hex(), text)


class Sources:
    """Gives each file that is asked for once, within limits, and again when its code was replaced. One thread.

    The framework's own files are left out.
    """

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._given: dict[str, str] = {}
        """The digest of the text of each file that was given last."""
        self._bytes = 0

    def look_again(self) -> None:
        """Code was replaced: each file that is asked for again is given again if its text is another."""
        self._seen.clear()

    def new(self, file: str) -> Source | None:
        """The text of a file that has not been given yet; ``None`` when it has, or cannot be."""
        if not file or file in self._seen or len(self._seen) >= MOST_FILES:
            return None
        self._seen.add(file)
        if file.startswith(_OWN_FOLDER):
            return None
        text = _text_of(file)
        if text is None:
            return None
        data = text.encode("utf-8", "surrogatepass")
        digest = hashlib.sha256(data).hexdigest()
        if self._given.get(file) == digest or self._bytes + len(data) > MAX_BYTES_OF_ALL:
            return None
        self._given[file] = digest
        self._bytes += len(data)
        return Source(file, digest, text)


def _text_of(file: str) -> str | None:
    path = Path(file)
    try:
        # What tracebacks know whatever stands on the disk: the cells of a notebook are no files, and code that was
        # replaced may be another than that in its file.
        entry: Any = linecache.cache.get(file, ())
        if len(entry) == 4 and (entry[1] is None or not path.is_file()):
            return "".join(entry[2])
        if path.stat().st_size > MAX_BYTES:
            return None
        with tokenize.open(file) as text:
            return text.read()
    except (OSError, SyntaxError, UnicodeDecodeError, ValueError):
        return None
