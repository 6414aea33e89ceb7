"""Fact: one line of the inspector; Subject: what it is about. Plain data, no Qt."""

from __future__ import annotations

from dataclasses import dataclass, field

from tasktonic_studio.session.names import Place
from tasktonic_studio.session.selection import Thing

_LONGEST_LINE = 1_000


@dataclass(frozen=True, slots=True)
class Fact:
    """One line: a name, a value, perhaps a remark, perhaps lines below it.

    Attributes:
        key: its identity among its siblings, the same for as long as it means the same.
        name: on the left. Takes the whole line when there is neither value nor detail.
        value: on the right.
        detail: aside: a type, a place, a time.
        role: colour role of the value, empty for the usual one.
        shape: status whose shape stands before the value.
        link: what a click on the value selects.
        place: what a click on the value opens in the editor.
        breakpoint: the number of the breakpoint whose form a click on the value opens.
        mono: the value is code; so is a name that takes the whole line.
        code_name: the name is code too.
        tip: more words.
        below: lines below it.
        is_open: whether those are open from the start.
    """

    key: str
    name: str
    value: str = ""
    detail: str = ""
    role: str = ""
    shape: str = ""
    link: Thing | None = None
    place: Place | None = None
    breakpoint: int = 0
    mono: bool = False
    code_name: bool = False
    tip: str = ""
    below: tuple[Fact, ...] = ()
    is_open: bool = False

    @property
    def is_link(self) -> bool:
        """Whether a click on its value does something."""
        return self.link is not None or self.place is not None or self.breakpoint > 0

    @property
    def is_line(self) -> bool:
        """Whether its name takes the whole line."""
        return not self.value and not self.detail


@dataclass(frozen=True, slots=True)
class Subject:
    """The selected thing as the inspector shows it: a heading, and sections of facts.

    ``sections`` are facts too, with the lines of the section below them.
    """

    title: str
    kind: str
    shape: str = ""
    words: str = ""
    role: str = ""
    place: Place | None = None
    sections: tuple[Fact, ...] = field(default=())


def section(key: str, title: str, lines: list[Fact], *, is_open: bool = True) -> list[Fact]:
    """A section with these lines; no section at all without lines."""
    return [Fact(key, title, below=tuple(lines), is_open=is_open)] if lines else []


def place_text(place: Place | None) -> str:
    """A place as ``file.py:12``."""
    return f"{place.file.replace(chr(92), '/').rsplit('/', 1)[-1]}:{place.line}" if place is not None else ""


def text_lines(text: str, *, limit: int = 200) -> tuple[Fact, ...]:
    """A text of several lines, such as a traceback, as lines of code."""
    lines = text.rstrip().splitlines()
    shown = tuple(
        Fact(str(number), line[:_LONGEST_LINE], mono=True, tip=line[:_LONGEST_LINE])
        for number, line in enumerate(lines[:limit])
    )
    if len(lines) > limit:
        shown += (Fact("more", f"… {len(lines) - limit} more lines"),)
    return shown
