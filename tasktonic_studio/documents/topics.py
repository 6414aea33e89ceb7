"""Where a word stands in the documentation: names of the framework, prefixes of sparkles, settings, panels."""

from __future__ import annotations

import re
from functools import cache
from typing import Final, NamedTuple

from tasktonic_studio.documents.markdown import slug
from tasktonic_studio.documents.pages import pages, sections


class Target(NamedTuple):
    """A place in the documentation; `find` is a text that is looked for from there on."""

    page: str
    anchor: str = ""
    find: str = ""


_PREFIXES: Final = {
    "ttqt": Target("guide/17-qt.md", "signals-by-name"),
    "ttsc": Target("guide/03-sparkles.md", "", "ttsc__"),
    "ttse": Target("guide/03-sparkles.md", "", "ttse__"),
    "tts": Target("guide/03-sparkles.md", "", "tts__work"),
    "_tts": Target("guide/03-sparkles.md", "", "_tts__work"),
    "_ttss": Target("guide/03-sparkles.md", "", "_ttss__"),
}
PREFIXES: Final = tuple(_PREFIXES)

_HOOKS: Final = {
    "on_start": Target("reference/tonic.md", "tttonicttse__on_start"),
    "on_finished": Target("reference/tonic.md", "tttonicttse__on_finished"),
    "on_enter": Target("guide/04-states.md", "going-to-a-state"),
    "on_exit": Target("guide/04-states.md", "going-to-a-state"),
    "on_timer": Target("guide/09-timers.md"),
    "on_error": Target("guide/11-errors.md"),
}
"""Sparkles that the framework calls, by what stands behind the prefix."""

_SPARKLE: Final = re.compile(r"(ttqt|_?ttss|_?tts[ce]?)(?:_\w*?)?__(\w*)|(ttqt|_ttss|_?tts[ce]?)_*")
_OWNERS: Final = (
    "ttTonic",
    "ttEssence",
    "ttLedger",
    "ttFormula",
    "ttCatalyst",
    "Store",
    "Item",
    "ttTimer",
    "ttDistiller",
)
"""Whose method is meant by a bare name, if several classes have one."""


def target_of(topic: str) -> Target | None:
    """Where a topic stands: ``word:ttTimer``, ``word:tasktonic/log/to``, ``panel:Ledger``, ``tour:Keys``, ``command:Restart``.

    None for nowhere.

    Args:
        topic: its kind and what it is about. A word may be any name in a program.
    """
    kind, _, about = topic.partition(":")
    if kind in ("panel", "tour"):
        return _section_of_the_tour(about)
    if kind == "command":
        page = pages().get("commands.md")
        return Target("commands.md", "", about) if about and page is not None and f"| {about} |" in page.text else None
    return _word(about) if kind == "word" else None


def word_at(line: str, column: int) -> str:
    """The name that stands at a column of a line of source, or the path of a setting; empty for none."""
    found = (
        match
        for match in re.finditer(r"\w+(?:/[\w.]+)+[@#]?|[^\W\d]\w*", line)
        if match.start() <= column <= match.end()
    )
    return next((match[0] for match in found), "")


def _word(word: str) -> Target | None:
    word = word.strip()
    if "/" in word:
        return _setting(word)
    return _sparkle(word) or _name(word)


def _section_of_the_tour(title: str) -> Target | None:
    """The section about a panel, or about anything else that the tour has a heading for."""
    anchor = slug(title)
    return Target("studio.md", anchor) if anchor in _anchors("studio.md") else None


def _setting(key: str) -> Target | None:
    """The row of a setting; of a path below one, as of a log service, the nearest row above."""
    text = pages()["settings.md"].text if "settings.md" in pages() else ""
    known = set(re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE))
    while key:
        for spelled in (key, f"{key}#", f"{key}@"):
            if spelled in known:
                return Target("settings.md", "", spelled)
        key = key.rpartition("/")[0]
    return None


def _sparkle(word: str) -> Target | None:
    found = _SPARKLE.fullmatch(word)
    if found is None:
        return None
    hook = _HOOKS.get(found[2] or "")
    return hook or _PREFIXES.get(found[1] or found[3])


def _name(word: str) -> Target | None:
    """A class, function or method of the reference; else a word of the glossary."""
    names = _names()
    bare = word.rpartition(".")[2] or word
    if word in names:
        return names[word]
    for owner in _OWNERS:
        if f"{owner}.{bare}" in names:
            return names[f"{owner}.{bare}"]
    methods = [target for name, target in names.items() if name.endswith(f".{bare}")]
    if methods:
        return methods[0]
    return names.get(bare) or _glossary(word)


@cache
def _names() -> dict[str, Target]:
    """Every name that has a heading of its own in the reference."""
    found: dict[str, Target] = {}
    for section in sections():
        if section.page.startswith("reference/") and section.anchor:
            name = re.match(r"[\w.]+", section.heading)
            if name and (len(name[0]) == len(section.heading) or "(" in section.heading):
                found.setdefault(name[0], Target(section.page, section.anchor))
    return found


def _glossary(word: str) -> Target | None:
    text = pages()["glossary.md"].text if "glossary.md" in pages() else ""
    known = {found.lower() for found in re.findall(r"^\*\*(.+?)\*\*:", text, re.MULTILINE)}
    return Target("glossary.md", "", word.lower()) if word.lower() in known else None


@cache
def _anchors(page: str) -> frozenset[str]:
    return frozenset(section.anchor for section in sections() if section.page == page)
