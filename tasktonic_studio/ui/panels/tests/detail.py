"""What a test said: its traceback, with links to the lines it names, and what it printed."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import Final, NamedTuple

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtWidgets import QTextBrowser, QWidget

from tasktonic_studio.project.tests import TestFacts, Tests
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.widgets import accessible

_PLACE: Final = re.compile(r'^(?P<before>\s*(?:File ")?)(?P<file>[^\s":][^":]*\.\w+)(?:":? ?,? line |:)(?P<line>\d+)')
_MOST_LINES: Final = 2_000


class TestDetail(QTextBrowser):
    """Owned by the panel's view. A link names a file and a line; the panel opens it."""

    __test__ = False

    place_wanted = Signal(str, int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown: tuple[str, str] = ("", "")
        self._test: tuple[TestFacts, Path] | None = None
        self.places: list[tuple[str, int]] = []
        """What the links name; each has its number here, for a path may have any sign in it."""
        self.setOpenLinks(False)
        self.setUndoRedoEnabled(False)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
            | Qt.TextInteractionFlag.LinksAccessibleByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.setMinimumHeight(1)
        accessible.name(self, "What the test said", "Tab goes from link to link, Enter opens the line")
        self.anchorClicked.connect(self._on_link)

    def show_test(self, test: TestFacts, project: Path) -> None:
        """What there is to say about one test."""
        if self._test is not None and self._test[0] is test and self._test[1] == project:
            return  # while tests run this is asked again and again, and each link costs a look at the disk
        self._test = (test, project)
        self.places = []
        said = [("", test.text)] if test.text else []
        said += test.sections
        if not said:
            said = [("", f"{test.outcome}; it said nothing.")]
        self._show("".join(_section(title, text, _Links(test, project, self.places)) for title, text in said))

    def show_whole(self, tests: Tests) -> None:
        """What pytest itself said, when it could not run."""
        self._test = None
        self._show(_section("", tests.output, None) if tests.output else "")

    def retheme(self) -> None:
        """Take on colours."""
        body, self._shown = self._shown[1], ("", "")
        self._show(body)

    def _show(self, body: str) -> None:
        colour = self._theme.color("accent")
        style = f"<style>a {{ color: {colour}; }} pre {{ white-space: pre-wrap; }}</style>"
        if (style, body) != self._shown:
            self._shown = (style, body)
            self.setHtml(style + body)

    def _on_link(self, link: QUrl) -> None:
        number = link.path()
        if number.isdigit() and int(number) < len(self.places):
            self.place_wanted.emit(*self.places[int(number)])


class _Links(NamedTuple):
    """What is needed for links: of which test, in which project, and the list of what they name."""

    test: TestFacts
    project: Path
    places: list[tuple[str, int]]


def _section(title: str, text: str, links: _Links | None) -> str:
    lines = text.splitlines()
    more = len(lines) - _MOST_LINES
    shown = [_line(line, links) for line in lines[-_MOST_LINES:]]
    if more > 0:
        shown.insert(0, f"… {more} lines before that are left out")
    head = f"<p><b>{html.escape(title)}</b></p>" if title else ""
    return f"{head}<pre>{chr(10).join(shown)}</pre>"


def _line(line: str, links: _Links | None) -> str:
    """A line of text, with a link where it names a line of a file that there is."""
    found = _PLACE.match(line)
    if found is None or links is None:
        return html.escape(line)
    file = place_of(found["file"], links.test, links.project)
    if not file:
        return html.escape(line)
    links.places.append((file, int(found["line"])))
    before, named = found["before"], line[found.start("file") : found.end()]
    return (
        f"{html.escape(before)}<a href='place:{len(links.places) - 1}'>{html.escape(named)}</a>"
        f"{html.escape(line[found.end() :])}"
    )


def place_of(named: str, test: TestFacts, project: Path) -> str:
    """The file that a traceback names, as an absolute path; empty when there is none."""
    path = Path(named)
    if path.is_absolute():
        return named if path.is_file() else ""
    for file, _ in test.places:
        if Path(file).parts[-len(path.parts) :] == path.parts:
            return file
    return str(project / path) if (project / path).is_file() else ""


__all__ = ["TestDetail", "place_of"]
