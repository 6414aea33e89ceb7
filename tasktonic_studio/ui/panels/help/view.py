"""The Help panel's widget: contents, what a search has found, or a page; back and forward as in a browser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QToolButton, QVBoxLayout

from tasktonic_studio.documents import pages
from tasktonic_studio.documents import search as searching
from tasktonic_studio.documents.search import words_of
from tasktonic_studio.documents.topics import target_of
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.panels.help.browser import PageBrowser
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.widgets import accessible
from tasktonic_studio.ui.widgets.focus import FocusLeader
from tasktonic_studio.ui.widgets.search_line import SearchLine
from tasktonic_studio.ui.widgets.throttle import Throttle
from tasktonic_studio.ui.widgets.two_line_list import TwoLineList, TwoLines

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext

SEARCH_EVERY_MS: Final = 120
READ_FOR_S: Final = 0.01
"""So long at once all pages are read for the search: in all it takes longer than the window may wait."""
MOST_BACK: Final = 100


@dataclass(frozen=True, slots=True)
class Place:
    """Where one is: a page with an anchor and how far it is scrolled, or with neither the contents, or what `query` found."""

    page: str = ""
    anchor: str = ""
    query: str = ""
    scrolled: int = -1
    find: str = ""


class HelpView(FocusLeader):
    """All that the Help panel shows. Made by the panel; the dock owns it, or the window beside a dialog."""

    example_wanted = Signal(object)
    """A link led to this file of an example."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self._index = searching.index()
        self.place = Place()
        self._back: list[Place] = []
        self._forward: list[Place] = []
        self.back_button = _tool("Back", self.go_back)
        self.forward_button = _tool("Forward", self.go_forward)
        self.contents_button = _tool("Contents", self.show_contents)
        self.search = SearchLine(
            "Search",
            ("timer", "to_state", "tasktonic/log"),
            "Words, or how they begin; all of them",
            "Search in the help",
        )
        self.list = TwoLineList(context.theme, context.icons, "Pages")
        self.nothing = QLabel()
        self.nothing.setWordWrap(True)
        self.nothing.setProperty("role", "muted")
        self.nothing.setTextFormat(Qt.TextFormat.PlainText)  # it has what was typed
        self.nothing.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.browser = PageBrowser(context)
        self._pages = QStackedWidget()
        self._throttle = Throttle(SEARCH_EVERY_MS, self._search_now, self)
        self._reading = QTimer(self)
        self._reading.setInterval(0)
        self._reading.timeout.connect(self._read_on)
        self._build()
        self.retheme()

    def _build(self) -> None:
        space = tokens.SPACE_PX
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        bar = QHBoxLayout()
        layout.addLayout(bar)
        bar.setContentsMargins(space, space // 2, space, space // 2)
        bar.setSpacing(2)
        for button in (self.back_button, self.forward_button, self.contents_button):
            bar.addWidget(button)
        bar.addWidget(self.search, 1)
        self.nothing.setContentsMargins(space, space, space, space)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        for widget in (self.list, self.nothing, self.browser):
            self._pages.addWidget(widget)
        layout.addWidget(self._pages, 1)
        self.search.textEdited.connect(self._on_typed)
        self.search.installEventFilter(self)
        self.list.chosen.connect(self._on_chosen)
        self.browser.link_clicked.connect(self.follow)
        self.lead_focus_to(self.list)

    # ---- for the panel

    def watch(self) -> None:
        if not self.list.items and not self.place.page:
            self._show(self.place)
        # Most who look here search next.
        self._reading.start()

    def unwatch(self) -> None:
        self._throttle.stop()
        self._reading.stop()

    def finish(self) -> None:
        self.unwatch()

    def on_changes(self, _changes: Changes) -> None:
        """The app has nothing to do with it."""

    def retheme(self) -> None:
        icons = self._context.icons
        for button, icon in (
            (self.back_button, "back"),
            (self.forward_button, "forward"),
            (self.contents_button, "home"),
        ):
            button.setIcon(icons.icon(icon))
        self.list.retheme()
        self.browser.retheme()
        self._show_buttons()

    # ---- going

    @property
    def can_go_back(self) -> bool:
        return bool(self._back)

    @property
    def can_go_forward(self) -> bool:
        return bool(self._forward)

    def show_topic(self, topic: str) -> None:
        """Show what there is about something, and search for it when nothing has a place of its own."""
        kind, _, about = topic.partition(":")
        if kind == "page":
            self.follow(about, from_page="")
            return
        target = target_of(topic)
        if target is not None:
            self._go(Place(target.page, target.anchor, find=target.find))
        elif about:
            self.search_for(about)
        else:
            self.show_contents()

    def show_contents(self) -> None:
        """List all pages."""
        self._go(Place())

    def search_for(self, words: str) -> None:
        """Search, as if it had been typed."""
        self.search.setText(words)
        self._go(Place(query=words))

    def follow(self, link: str, from_page: str | None = None) -> None:
        """Go where a link leads: to an example in the editor; what else leads out of the documentation is only told."""
        here = self.browser.path if from_page is None else from_page
        example = pages.example(here, link)
        if example is not None:
            self.example_wanted.emit(example)
            return
        found = pages.resolved(here, link)
        if found is None:
            self.nothing.setText(
                f"“{link}” is not part of the help: it leads out of it. It can be selected here, and copied."
            )
            self._go(Place(query=f"\0{link}"))
            return
        self._go(Place(*found))

    def go_back(self) -> None:
        """Where one was before."""
        if self._back:
            self._forward.append(self._here())
            self._show(self._back.pop())

    def go_forward(self) -> None:
        """Undo one step back."""
        if self._forward:
            self._back.append(self._here())
            self._show(self._forward.pop())

    # ---- inside

    def _here(self) -> Place:
        return replace(self.place, scrolled=self.browser.verticalScrollBar().value()) if self.place.page else self.place

    def _go(self, place: Place) -> None:
        if place != self.place:
            self._back.append(self._here())
            del self._back[:-MOST_BACK]
            self._forward.clear()
        self._show(place)

    def _show(self, place: Place) -> None:
        self.place = place
        if place.page:
            words = words_of(self.search.text())
            self.browser.show_page(place.page, place.anchor, words, place.find)
            self._pages.setCurrentWidget(self.browser)
            self.lead_focus_to(self.browser)
            if place.scrolled >= 0:
                self.browser.verticalScrollBar().setValue(place.scrolled)
        elif place.query.startswith("\0"):
            self._pages.setCurrentWidget(self.nothing)
        elif place.query:
            if self.search.text() != place.query:
                self.search.setText(place.query)
            self._show_hits(place.query)
        else:
            self.search.clear()
            self.list.show_rows(_contents())
            self._show_list("The documentation is not installed beside this Studio.")
        self._show_buttons()

    def _show_hits(self, query: str) -> None:
        if not self._index.is_whole:
            self.list.show_rows([])
            self._show_list("The pages are being read for the first search…")
            self._reading.start()
            return
        rows = [
            TwoLines(
                f"{hit.section.page}#{hit.section.anchor}", hit.section.heading, pages.title_of(hit.section.page), hit.snippet,
                marks=hit.marks,
            )
            for hit in self._index.search(query)
        ]  # fmt: skip
        self.list.show_rows(rows)
        self._show_list(f"Nothing in the help has “{query}”. Try fewer words, or the beginning of one.")

    def _read_on(self) -> None:
        """Read on for the search; what was asked meanwhile is answered when all is read."""
        if self._index.read_some(READ_FOR_S):
            self._reading.stop()
            if self.place.query and not self.place.page:
                self._show(self.place)

    def _show_list(self, nothing: str) -> None:
        self.nothing.setText(nothing)
        has_rows = bool(self.list.items)
        self._pages.setCurrentWidget(self.list if has_rows else self.nothing)
        self.lead_focus_to(self.list if has_rows else self.search)

    def _show_buttons(self) -> None:
        self.back_button.setEnabled(self.can_go_back)
        self.forward_button.setEnabled(self.can_go_forward)

    def _search_now(self) -> None:
        text = self.search.text().strip()
        if text and self.place.query and not self.place.page:
            self._show(Place(query=text))  # letters of one search are one place to come back to
        elif text:
            self._go(Place(query=text))
        else:
            self._go(Place())

    # ---- what is pressed

    def _on_typed(self) -> None:
        self._throttle.ask()

    def _on_chosen(self, key: str) -> None:
        page, _, anchor = key.partition("#")
        self._go(Place(page, anchor))
        self.browser.setFocus()

    @guarded(False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._throttle.flush()
                if self.list.current_key and not self.place.page:
                    self._on_chosen(self.list.current_key)
                return True
            if event.key() == Qt.Key.Key_Down and self._pages.currentWidget() is self.list:
                self.list.setFocus()
                return True
        return super().eventFilter(watched, event)


def _contents() -> list[TwoLines]:
    rows = []
    for page in pages.pages().values():
        if not page.group:
            continue
        headings = [section.heading for section in page.sections if section.anchor][:6]
        text = " · ".join(headings) or page.first_sentence
        rows.append(TwoLines(page.path, page.title, "" if page.title == page.group else page.group, text))
    return rows


def _tool(text: str, pressed: Callable[[], None]) -> QToolButton:
    button = QToolButton()
    button.setToolTip(text)
    button.clicked.connect(pressed)
    accessible.name(button, text)
    return button
