"""The tests panel's widget: buttons and a sentence, the tree, and what the chosen test said."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from tasktonic_studio.project.opened import What
from tasktonic_studio.project.tests import BAD, TestFacts
from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.panels.tests.detail import TestDetail
from tasktonic_studio.ui.panels.tests.tree import TIME, TestsTree, title_of
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.tips import plain_tip
from tasktonic_studio.ui.widgets import figures
from tasktonic_studio.ui.widgets.command_bar import CommandButton
from tasktonic_studio.ui.widgets.command_menu import CommandMenu
from tasktonic_studio.ui.widgets.elided_label import ElidedLabel
from tasktonic_studio.ui.widgets.empty_state import EmptyState
from tasktonic_studio.ui.widgets.filter_bar import FilterBar, FilterWords, Switch, count_words
from tasktonic_studio.ui.widgets.focus import FocusLeader

if TYPE_CHECKING:
    from tasktonic_studio.session.changes import Changes
    from tasktonic_studio.ui.panel import PanelContext

WORDS: Final = FilterWords(
    "the tests", ("pump", "door opens"), "Words that stand in the name of a test or of its file."
)
MENU: Final = (
    "tests.run_chosen",
    "tests.run_failed",
    "tests.run_all",
    "tests.stop",
    "",
    "tests.go_to_chosen",
    "tests.open_trace",
    "",
    "tests.find",
    "tests.on_save",
)
DRAW_MS: Final = 60
_WIDE_LETTERS: Final = 90
_TIME_LETTERS: Final = 46
_WORD_LETTERS: Final = 30
_LOW_LINES: Final = 28
_LOWEST_LINES: Final = 12
_NO_PROJECT, _NO_TESTS, _TESTS, _NONE_MATCH = range(4)


class TestsView(FocusLeader):
    """All that the panel shows. Made by the panel; the dock owns it."""

    __test__ = False

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self._context = context
        self._was_running = self._is_lowest = False
        self.place: tuple[str, int] = ("", 0)
        """The line that a link has named last."""
        self.buttons = [
            CommandButton("start", "Run all", "Run all tests of the project", "tests.run_all"),
            CommandButton("restart", "Run failed", "Run those again that did not pass", "tests.run_failed"),
            CommandButton("step", "Run chosen", "Run what is chosen in the list", "tests.run_chosen"),
            CommandButton("stop", "Stop", "Stop the tests that run", "tests.stop"),
        ]
        self.only_bad = Switch(
            "bad", "Only those that did not pass", "Leave out tests that passed", usual=False, text="Only failed"
        )
        self.bar = FilterBar(WORDS, [*self.buttons, self.only_bad])
        self.sentence = _label("muted")
        self.problem = _label("warning")
        self.tree = TestsTree(context.theme)
        self.title = ElidedLabel()
        self.title.setProperty("role", "strong")
        self.trace = QPushButton("Open its trace")
        self.trace.setToolTip("Show what the test did as a run, in all panels")
        self.detail = TestDetail(context.theme)
        self.no_project = EmptyState(
            "No folder is open",
            "Open the folder of your work: its tests are listed here, run in its own Python, and what failed can be looked at in all "
            "panels.",
            "Open a folder…",
            "project.open",
            context.run,
            other=("New project…", "project.new_project"),
        )
        self.no_tests = EmptyState(
            "No tests yet",
            "Run them, or look which there are. A test is a function test_… in a file test_….py; with a distiller it runs your tonics "
            "in virtual time.",
            "Run all tests",
            "tests.run_all",
            context.run,
            other=("Look for tests", "tests.find"),
        )
        self.none_match = EmptyState("No test matches", "No test has these words in its name, or all of them passed.")
        self.pages = QStackedWidget()
        self._draw_soon = QTimer(self)
        self._draw_soon.setSingleShot(True)
        self._draw_soon.setInterval(DRAW_MS)
        self._draw_soon.timeout.connect(self.draw)
        self._lay_out()
        self.bar.changed.connect(self.draw)
        self.bar.left.connect(self._on_bar_left)
        self.trace.clicked.connect(self._on_trace)
        self.tree.opened.connect(self._on_opened)
        self.tree.itemSelectionChanged.connect(self._on_chosen)
        self.tree.customContextMenuRequested.connect(self._on_menu)
        self.detail.place_wanted.connect(self._on_place)
        for button in self.buttons:
            button.clicked.connect(self._on_button)
        self._undo = context.project.watch(self._on_project)
        self._undo_tests = context.project.tests.watch(self._on_tests)
        self.lead_focus_to(self.tree)
        self.retheme()

    def _lay_out(self) -> None:
        space = tokens.SPACE_PX
        below = QWidget()
        inside = QVBoxLayout(below)
        inside.setContentsMargins(space, 0, space, space)
        inside.setSpacing(0)
        top = QWidget()
        top.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        head = QHBoxLayout(top)
        head.setContentsMargins(0, space // 2, 0, space // 2)
        head.setSpacing(space)
        head.addWidget(self.title, 1)
        head.addWidget(self.trace)
        inside.addWidget(top)
        inside.addWidget(self.detail, 1)
        self.below = below
        self.split = QSplitter(Qt.Orientation.Vertical)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(self.tree)
        self.split.addWidget(below)
        self.split.setStretchFactor(0, 3)
        self.split.setStretchFactor(1, 2)
        for page in (self.no_project, self.no_tests, self.split, self.none_match):
            self.pages.addWidget(page)
        for label in (self.sentence, self.problem):
            label.setContentsMargins(space, 0, space, space // 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for widget in (self.bar, self.sentence, self.problem):
            layout.addWidget(widget)
        layout.addWidget(self.pages, 1)

    @guarded(None)
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Words on the buttons where there is room; in a low place what a test said stands beside the list, or nowhere.

        In the lowest there are the buttons and rows: what there is to say is the tool tip of the count.
        """
        letter, line = self.fontMetrics().horizontalAdvance("x"), self.fontMetrics().height()
        is_wide, is_low = self.width() >= _WIDE_LETTERS * letter, self.height() < _LOW_LINES * line
        style = Qt.ToolButtonStyle.ToolButtonTextBesideIcon if is_wide else Qt.ToolButtonStyle.ToolButtonIconOnly
        for button in (*self.buttons, self.only_bad):
            button.setToolButtonStyle(style)
        lying = Qt.Orientation.Horizontal if is_low and is_wide else Qt.Orientation.Vertical
        if lying != self.split.orientation():
            self.split.setOrientation(lying)
            # What each had in the other direction says nothing of this one: the list would be too narrow for its names.
            self.split.setSizes([3_000, 2_000])
        self.below.setVisible(is_wide or not is_low)
        self.tree.setColumnHidden(TIME, self.width() < _TIME_LETTERS * letter)
        self.tree.say_outcomes(in_words=self.width() >= _WORD_LETTERS * letter)
        self._is_lowest = self.height() < _LOWEST_LINES * line
        self.tree.setHeaderHidden(self._is_lowest)
        self._show_sentence()

    def _show_sentence(self) -> None:
        is_listing = self.pages.currentIndex() == _TESTS
        has_room = not (self._is_lowest and is_listing)
        # The pages that are not shown ask for more room than there is here: the buttons would be squeezed.
        self.pages.setMinimumHeight(0 if has_room else 1)
        self.sentence.setVisible(bool(self.sentence.text()) and self._context.project.folder is not None and has_room)

    # ---- for the panel

    @property
    def search(self) -> QLineEdit:
        """The line one searches in."""
        return self.bar.search

    def watch(self) -> None:
        """On screen: catch up."""
        self.draw()

    def unwatch(self) -> None:
        """Not on screen."""
        self._draw_soon.stop()

    def on_changes(self, changes: Changes) -> None:
        """What runs in an app says nothing about tests; what can be done may have changed."""
        self._fit_buttons()

    def retheme(self) -> None:
        """Take on colours."""
        for button in self.buttons:
            button.setIcon(self._context.icons.icon(button.picture))
        self.only_bad.setIcon(self._context.icons.icon("filter"))
        self._fit()
        self.tree.retheme()
        self.detail.retheme()
        self.draw()

    def finish(self) -> None:
        """The window closes."""
        self._draw_soon.stop()
        self._undo()
        self._undo_tests()

    @property
    def chosen(self) -> list[TestFacts]:
        """The tests of the chosen rows; those below a file or a class count with it."""
        return self._context.project.tests.below(self.tree.chosen)

    @property
    def chosen_one(self) -> TestFacts | None:
        """The one test that is chosen."""
        chosen = self.chosen
        return chosen[0] if len(chosen) == 1 else None

    def draw(self) -> None:
        """Bring all up to date."""
        project = self._context.project
        tests = project.tests
        words = self.bar.search.text().lower().split()
        only_bad = self.only_bad.isChecked()
        shown = [
            each
            for each in tests.all
            if all(word in each.id.lower() for word in words) and (not only_bad or each.outcome in BAD)
        ]
        self.bar.setVisible(project.folder is not None)
        if project.folder is None:
            self.pages.setCurrentIndex(_NO_PROJECT)
        elif not tests.all:
            self.pages.setCurrentIndex(_TESTS if tests.output and tests.problem else _NO_TESTS)
        else:
            self.pages.setCurrentIndex(_TESTS if shown else _NONE_MATCH)
        self.tree.show_tests(shown)
        self._go_to_first_bad(shown)
        self.sentence.setText(tests.sentence)
        self._show_sentence()
        self.problem.setText(tests.problem)
        self.problem.setVisible(bool(tests.problem))
        count = count_words(len(shown), len(tests.all), is_filtered=bool(words) or only_bad)
        self.bar.show_count(count, plain_tip(tests.sentence))
        leads = {_NO_PROJECT: self.no_project.first_button(), _NO_TESTS: self.no_tests.first_button()}
        self.lead_focus_to(leads.get(self.pages.currentIndex()) or self.tree)
        self._on_chosen()

    def _go_to_first_bad(self, shown: Sequence[TestFacts]) -> None:
        """When a run is over, the first that went wrong is chosen, unless such a one is already."""
        was_running, self._was_running = self._was_running, self._context.project.tests.is_running
        if was_running and not self._was_running:
            bad = [each for each in shown if each.outcome in BAD]
            one = self.chosen_one
            if bad and (one is None or one.outcome not in BAD):
                self.tree.choose(bad[0].path)

    # ---- what happens

    def _on_project(self, what: What) -> None:
        if what == "folder":
            self._undo_tests()
            self._undo_tests = self._context.project.tests.watch(self._on_tests)
            self.draw()

    def _on_tests(self) -> None:
        if not self._draw_soon.isActive():
            self._draw_soon.start()

    def _on_chosen(self) -> None:
        project, one = self._context.project, self.chosen_one
        tests = project.tests
        self.trace.setVisible(one is not None and bool(one.trace))
        if one is not None and project.folder is not None:
            self.title.show_text(title_of(one))
            self.detail.show_test(one, project.folder)
        else:
            number = len(self.chosen)
            nothing = "Choose a test to see what it said." if tests.all else ""
            self.title.show_text(f"{figures.counted(number, 'test')} chosen" if number else nothing)
            self.detail.show_whole(tests)
        self._fit_buttons()

    def _fit_buttons(self) -> None:
        for button in self.buttons:
            button.setEnabled(self._context.is_enabled(button.command))

    def _on_bar_left(self) -> None:
        self.focus_target.setFocus()

    def _on_button(self) -> None:
        button = self.sender()
        if isinstance(button, CommandButton):
            self._context.run(button.command)

    def _on_trace(self) -> None:
        self._context.run("tests.open_trace")

    def _on_opened(self) -> None:
        self._context.run("tests.go_to_chosen")

    def _on_place(self, file: str, line: int) -> None:
        self.place = (str(Path(file)), line)
        self._context.run("tests.go_to_place")

    def _on_menu(self, at: QPoint) -> None:
        CommandMenu(self, self._context, MENU).popup(self.tree.viewport().mapToGlobal(at))


def _label(role: str) -> QLabel:
    label = QLabel()
    label.setProperty("role", role)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setMinimumWidth(1)
    return label


__all__ = ["TestsView"]
