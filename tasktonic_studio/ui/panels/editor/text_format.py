r"""How a text lies in its file: encoding, byte order mark, line ends. Pure; bytes in, text out and back.

The editor only ever sees text whose lines end in ``\n``. What the file had instead is remembered here, so that saving an
unchanged text gives the same bytes again, and saving a changed one alters no line that was not touched.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_DECLARATION: Final = re.compile(r"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)", re.ASCII)
_BLANK: Final = re.compile(r"[ \t\f]*(?:#.*)?$")
_END_WORDS: Final = {"\n": "LF", "\r\n": "CRLF", "\r": "CR"}


class CannotEncode(Exception):
    """The text cannot be written in the encoding that the file declares; the message is a sentence for the screen."""


@dataclass(frozen=True, slots=True)
class TextFormat:
    """What must be known to turn a text back into the bytes of its file."""

    encoding: str = "utf-8"
    """Empty for a text that is only shown, because its bytes could not be read."""
    bom: bool = False
    newline: str = "\n"
    """The end of a line that the user adds: the commonest of the file."""
    mixed_lines: tuple[str, ...] = ()
    """The lines as they were read, only when their ends differ."""
    mixed_ends: tuple[str, ...] = ()
    """The end of each of those lines."""

    @property
    def words(self) -> str:
        """Encoding and line ends as people write them: ``UTF-8 · CRLF``."""
        if not self.encoding:
            return "encoding unknown"
        ends = "mixed line ends" if self.mixed_ends else _END_WORDS[self.newline]
        return f"{self.encoding.upper()}{' with BOM' if self.bom else ''} · {ends}"


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, its format, and why it must not be written back (empty: it may)."""

    text: str
    format: TextFormat
    problem: str = ""


def declared_encoding(text: str) -> str:
    """The encoding that a source declares in its first two lines, or ``''``. Source: PEP 263."""
    for line in text.split("\n", 2)[:2]:
        found = _DECLARATION.match(line)
        if found:
            return found.group(1)
        if not _BLANK.match(line):
            return ""
    return ""


def decode(data: bytes) -> Decoded:
    """The text of a file's bytes.

    A text that could not be written back as the very same bytes comes with a problem: it may be shown, not changed.
    """
    bom = data.startswith(codecs.BOM_UTF8)
    body = data[len(codecs.BOM_UTF8) :] if bom else data
    if b"\0" in body:
        shown = body.decode("utf-8", "replace").replace("\0", "␀")
        return Decoded(_plain_ends(shown), TextFormat(encoding=""), "This file holds zero bytes, so it is not a text.")
    encoding = declared_encoding(_plain_ends(body[:1024].decode("latin-1"))) if not bom else ""
    try:
        text = body.decode(encoding or "utf-8")
    except LookupError:
        shown = body.decode("utf-8", "replace")
        return Decoded(
            _plain_ends(shown),
            TextFormat(encoding=""),
            f"This file declares the encoding “{encoding}”, which is unknown here.",
        )
    except UnicodeError as error:
        shown = body.decode("utf-8", "replace")
        return Decoded(_plain_ends(shown), TextFormat(encoding=""), _not_decodable(body, encoding, error))
    form, plain = TextFormat(_tidy(encoding), bom), text
    # Most files have no other ends than \n, and need not be taken apart.
    if "\r" in text:
        lines, ends = _split(text), tuple(_LINE_END.findall(text))
        newline = max(set(ends), key=ends.count)
        mixed = len(set(ends)) > 1
        form = TextFormat(_tidy(encoding), bom, newline, lines if mixed else (), ends if mixed else ())
        plain = "\n".join(lines)
    problem = ""
    try:
        same = encode(plain, form) == data
    except CannotEncode:
        same = False
    if not same:
        problem = f"This file would not come back the same from its encoding “{form.encoding}”."
    return Decoded(plain, form, problem)


def encode(text: str, form: TextFormat) -> bytes:
    """The bytes to write for a text.

    The encoding is the one that the text declares *now*, as Python will read it: who changes the declaration changes
    the file.

    Raises:
        CannotEncode: the declared encoding is unknown, or has no place for one of the characters.
    """
    encoding = "utf-8" if form.bom else declared_encoding(text) or "utf-8"
    whole = _plain_ends(text) if "\r" in text else text
    if form.mixed_ends:
        lines = _split(whole)
        whole = "".join(line + end for line, end in zip(lines, [*_ends_of(lines, form), ""], strict=True))
    elif form.newline != "\n":
        whole = whole.replace("\n", form.newline)
    try:
        body = whole.encode(encoding)
    except LookupError:
        raise CannotEncode(
            f"The text declares the encoding “{encoding}”, which is unknown here. Correct the name in the first two lines."
        ) from None
    except UnicodeEncodeError as error:
        line = len(_LINE_END.findall(whole, 0, error.start)) + 1
        sign = whole[error.start]
        shown = f"“{sign}” (U+{ord(sign):04X})" if sign.isprintable() else f"U+{ord(sign):04X}"
        raise CannotEncode(f"{shown} in line {line} cannot be written as {encoding.upper()}.") from None
    except UnicodeError as error:
        raise CannotEncode(f"The text cannot be written as {encoding.upper()}: {error}.") from None
    return codecs.BOM_UTF8 + body if form.bom else body


def _tidy(encoding: str) -> str:
    name = encoding.lower().replace("_", "-") or "utf-8"
    return {"utf8": "utf-8", "latin1": "latin-1"}.get(name, name)


def _split(text: str) -> tuple[str, ...]:
    return tuple(_LINE_END.split(text))


def _plain_ends(text: str) -> str:
    return _LINE_END.sub("\n", text)


def _not_decodable(body: bytes, encoding: str, error: UnicodeError) -> str:
    if not isinstance(error, UnicodeDecodeError):
        return f"This file cannot be read as “{encoding}”: {error}."
    line = body.count(b"\n", 0, error.start) + 1
    byte = f"the byte 0x{body[error.start]:02x} in line {line}"
    if encoding:
        return f"This file declares the encoding “{encoding}”, but {byte} does not fit it."
    return f"This file is not UTF-8 ({byte}) and declares no other encoding in its first two lines."


def _ends_of(lines: tuple[str, ...], form: TextFormat) -> list[str]:
    """The end of every line but the last: as it was where the line was not touched, else the commonest.

    What was touched is taken to be the part between the longest same beginning and the longest same end.
    """
    old = form.mixed_lines
    before = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(lines, old, strict=False)))
    room = min(len(lines), len(old)) - before
    tail = zip(reversed(lines), reversed(old), strict=False)
    after = min(room, sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], tail)))
    ends: list[str] = []
    for index in range(len(lines) - 1):
        from_end = len(lines) - index
        if index < min(before, len(form.mixed_ends)):
            ends.append(form.mixed_ends[index])
        elif from_end <= after:
            ends.append(form.mixed_ends[len(old) - from_end])
        elif len(lines) == len(old):
            ends.append(form.mixed_ends[index])
        else:
            ends.append(form.newline)
    return ends
