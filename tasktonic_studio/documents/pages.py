"""The pages of the documentation, in groups and in the order in which one reads them, cut into their sections."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path, PurePosixPath
from textwrap import shorten
from typing import Final

from tasktonic_studio import resources
from tasktonic_studio.documents.markdown import plain_text, slug

FIRST_PAGE: Final = "guide/README.md"

_SENTENCE_SIGNS: Final = 120
"""A sentence that stands for a page is not longer."""

_GROUPS: Final = (
    ("The Studio", ("studio.md", "commands.md")),
    ("The guide", ("guide/*.md",)),
    ("Words and settings", ("glossary.md", "settings.md", "typing.md")),
    ("Reference", ("reference/*.md", "events.md", "trace-file.md")),
    ("Bugs to look at", ("bugs/*.md",)),
    ("", ("lessons.md", "protocol.md", "pictures/README.md", "decisions/*.md")),
)
"""Pages by their group. Those without one are only linked to: neither listed nor searched, for they answer what few ask."""


@dataclass(frozen=True)
class Section:
    """A stretch of a page below one heading. `written` is as it stands on the page."""

    page: str
    anchor: str
    heading: str
    written: str

    @cached_property
    def text(self) -> str:
        """What it says, without marks."""
        return plain_text(self.written)

    @cached_property
    def prose(self) -> str:
        """The same without code."""
        return plain_text(re.sub(r"^(```+|~~~+).*?^\1$", "", self.written, flags=re.MULTILINE | re.DOTALL))


@dataclass(frozen=True, slots=True)
class Page:
    """One page. `path` is from the folder of the documentation, with `/`."""

    path: str
    group: str
    title: str
    text: str

    @property
    def sections(self) -> Sequence[Section]:
        """What stands below each heading, in order."""
        return _sections_of(self)

    @property
    def first_sentence(self) -> str:
        """How it begins, below its title."""
        prose = self.sections[0].prose if self.sections else ""
        begin = " ".join(prose.strip().partition("\n\n")[0].split())
        found = re.match(r".*?[.!?](?=\s|$)", begin)
        return shorten(found[0] if found else begin, _SENTENCE_SIGNS, placeholder=" …")


@cache
def pages() -> Mapping[str, Page]:
    """All pages by their path, in reading order; none where the documentation is not installed. Read once."""
    folder = resources.documents()
    if folder is None:
        return {}
    found = {}
    for group, patterns in _GROUPS:
        for pattern in patterns:
            files = sorted(folder.glob(pattern), key=lambda file: (file.name != "README.md", file.name))
            for file in files:
                text = file.read_text(encoding="utf-8")
                path = file.relative_to(folder).as_posix()
                found[path] = Page(path, group, _title(text, path), text)
    return found


@cache
def sections() -> Sequence[Section]:
    """The sections of all pages that are listed."""
    return list(every_section())


def every_section() -> Iterator[Section]:
    """The same, one page after the other."""
    return (section for page in pages().values() if page.group for section in page.sections)


def resolved(here: str, link: str) -> tuple[str, str] | None:
    """The page and anchor that a link on a page leads to; None for one that leads out of the documentation.

    Args:
        here: the path of the page, empty for a lesson: links are from the folder of the documentation then.
        link: as it is written.
    """
    target, _, anchor = link.partition("#")
    if not link:
        return None
    if not target:
        return (here, anchor) if here in pages() else None
    if re.match(r"[a-z][a-z0-9+.-]*:|/", target, re.IGNORECASE):
        return None
    parts: list[str] = list(PurePosixPath(here).parent.parts) if here else []
    for part in PurePosixPath(target).parts:
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part != ".":
            parts.append(part)
    path = "/".join(parts)
    return (path, anchor) if path in pages() else None


def example(here: str, link: str) -> Path | None:
    """The file of an example that a link on a page leads to; None for anything else."""
    parts = PurePosixPath(link.partition("#")[0]).parts
    way_up = ("..",) * len(PurePosixPath(here).parts)
    if parts[: len(way_up) + 1] != (*way_up, "examples") or ".." in parts[len(way_up) :]:
        return None
    return resources.example("/".join(parts[len(way_up) + 1 :]))


def picture(here: str, source: str) -> Path | None:
    """The file of a picture on a page; None for one that is not among ours."""
    folder = resources.documents()
    if folder is None or re.match(r"[a-z][a-z0-9+.-]*:|/", source, re.IGNORECASE):
        return None
    file = (folder / PurePosixPath(here).parent / source).resolve()
    ours = file.suffix in (".png", ".svg") and file.is_relative_to((folder / "pictures").resolve())
    return file if ours and file.is_file() else None


def title_of(link: str) -> str:
    """What a page is called that a link leads to; the link itself for none of ours."""
    page = pages().get(link.partition("#")[0])
    return page.title if page is not None else link


@cache
def _sections_of(page: Page) -> Sequence[Section]:
    """Cut once: the contents, the search and the help on a word all want them."""
    found = []
    for level, heading, lines in _cut(page.text):
        anchor = slug(heading) if level > 1 else ""
        found.append(Section(page.path, anchor, plain_text(heading).strip(), "\n".join(lines)))
    return found


def _title(text: str, path: str) -> str:
    found = re.search(r"^# (.+)$", text, re.MULTILINE)
    return plain_text(found[1]).strip() if found else path


def _cut(text: str) -> list[tuple[int, str, list[str]]]:
    """Level, heading and lines of each section; headings inside code are none."""
    found: list[tuple[int, str, list[str]]] = []
    fence = ""
    for line in text.splitlines():
        mark = re.match(r"(`{3,}|~{3,})", line)
        if mark and (not fence or line.strip() == fence):
            fence = "" if fence else mark[1]
        heading = None if fence else re.fullmatch(r"(#{1,6})\s+(.*)", line)
        if heading:
            found.append((len(heading[1]), heading[2], []))
        elif found:
            found[-1][2].append(line)
    return found
