"""Carries out the clicks of a page of the bug gallery in the real window, and reads what a panel shows."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTabBar,
    QTreeView,
    QWidget,
)

from tasktonic_studio.ui.command_palette import CommandPalette
from tasktonic_studio.ui.panel_list import all_panels
from tasktonic_studio.ui.widgets.elided_label import ElidedLabel
from tasktonic_studio.ui.widgets.search_line import SearchLine
from tests.helpers.bug_pages import BugPage, Doing

if TYPE_CHECKING:
    from tests.helpers.real_studio import Person

Steps = Generator[Callable[[], Any], None, None]

_MOST_ROWS = 2_000


class Clicks:
    """One walk through a page. ``doing`` is what is being done, for who wants to say where it stuck."""

    def __init__(self, person: Person, page: BugPage) -> None:
        self._person = person
        self._page = page
        self._panel: QWidget = person.window
        self.doing = Doing("", "")
        self._ways: dict[str, Callable[[str], Steps]] = {
            "panel": self._show,
            "command": self._run,
            "filter": self._type,
            "tab": self._turn_to,
            "row": self._choose,
            "button": self._press,
            "says": self._read,
        }

    def carry_out(self) -> Steps:
        """All steps of the page, one after the other."""
        for step in self._page.steps:
            for self.doing in step:
                yield from self._ways[self.doing.kind](self.doing.what)

    # ---- what can be done

    def _show(self, title: str) -> Steps:
        panel_id = next(panel.id for panel in all_panels() if panel.title == title)
        self._panel = self._person.panel(panel_id)
        yield self._panel.isVisible

    def _read(self, words: str) -> Steps:
        yield lambda: words in text_of(self._panel)

    def _run(self, title: str) -> Steps:
        person = self._person
        person.press(Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
        palettes: list[CommandPalette] = []

        def is_open() -> bool:
            palettes[:] = [it for it in person.window.findChildren(CommandPalette) if it.isVisible()]
            return bool(palettes)

        yield is_open
        (line,) = palettes[0].findChildren(QLineEdit)
        QTest.keyClicks(line, title.rstrip("…"))  # which no key has
        QTest.keyClick(line, Qt.Key.Key_Return)
        yield lambda: not palettes[0].isVisible()

    def _type(self, text: str) -> Steps:
        lines = [it for it in self._panel.findChildren(SearchLine) if it.isVisible()]
        assert lines, f"{self.doing} has no line to type into"
        self._person.click(lines[0])
        lines[0].selectAll()
        QTest.keyClicks(lines[0], text)
        yield lambda: lines[0].text() == text

    def _turn_to(self, text: str) -> Steps:
        for bar in self._panel.findChildren(QTabBar):
            for index in range(bar.count()):
                if bar.isVisible() and _plain(bar.tabText(index)) == text:
                    self._person.click(bar, bar.tabRect(index).center())
                    yield lambda: bar.currentIndex() == index  # noqa: B023
                    return
        yield from self._press(text)

    def _press(self, text: str) -> Steps:
        def fitting() -> list[QAbstractButton]:
            buttons = [it for it in self._panel.findChildren(QAbstractButton) if it.isVisible() and it.isEnabled()]
            return [it for it in buttons if text in (_plain(it.text()), it.accessibleName())]

        yield lambda: len(fitting()) > 0
        self._person.click(fitting()[0])

    def _choose(self, words: str) -> Steps:
        count, _, rest = words.partition(" × ")
        number, words = (int(count), rest) if rest and count.isdigit() else (1, words)

        def fitting() -> list[tuple[QAbstractItemView, QModelIndex]]:
            return [
                (view, index)
                for view in self._panel.findChildren(QAbstractItemView)
                if view.isVisible() and not isinstance(view, QHeaderView)
                for index in _rows(view)
                if words in _row_text(index)
            ]

        yield lambda: len(fitting()) >= number
        view, index = fitting()[number - 1]
        view.scrollTo(index)
        self._person.click(view.viewport(), view.visualRect(index).center())


def text_of(widget: QWidget) -> str:
    """All words that a widget shows, row by row."""
    found = []
    for part in (widget, *widget.findChildren(QWidget)):
        if not part.isVisible():
            continue
        if isinstance(part, ElidedLabel):
            found.append(part.whole)
        elif isinstance(part, QLabel | QAbstractButton):
            found.append(_plain(part.text()))
        elif isinstance(part, QAbstractItemView) and not isinstance(part, QHeaderView):
            found += [_row_text(index) for index in _rows(part)]
    return "\n".join(found)


def _rows(view: QAbstractItemView) -> Iterator[QModelIndex]:
    """The first column of each row, unfolded ones with what is below them."""
    model = view.model()
    waiting = [model.index(row, 0) for row in range(min(model.rowCount(), _MOST_ROWS))]
    while waiting:
        index = waiting.pop(0)
        yield index
        if isinstance(view, QTreeView) and view.isExpanded(index):
            waiting[:0] = [model.index(row, 0, index) for row in range(min(model.rowCount(index), _MOST_ROWS))]


def _row_text(index: QModelIndex) -> str:
    model = index.model()
    cells = [
        model.index(index.row(), column, index.parent()).data() for column in range(model.columnCount(index.parent()))
    ]
    return _plain("  ".join(str(cell) for cell in cells if cell))


def _plain(text: str) -> str:
    """Without marks for keys, and with usual spaces only."""
    return " ".join(text.replace("&&", "\0").replace("&", "").replace("\0", "&").split())
