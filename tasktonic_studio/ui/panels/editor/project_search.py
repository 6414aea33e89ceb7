"""Find and replace in all files of the project: a list of every place under the text, and what would stand there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QHeaderView,
    QPushButton,
    QSizePolicy,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from tasktonic_studio.analysis.project_search import Hit
from tasktonic_studio.analysis.text_search import Query, QueryProblem, compiled
from tasktonic_studio.ui.aside import Answer, Aside
from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.panels.editor.finder import why_given_up
from tasktonic_studio.ui.panels.editor.line_buttons import LineButton
from tasktonic_studio.ui.panels.editor.places_tree import PlacesTree
from tasktonic_studio.ui.panels.editor.search_lines import SearchLines
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.tips import plain_tip
from tasktonic_studio.ui.widgets.elided_label import ElidedLabel

WAIT_MS: Final = 250
"""The files are looked through when nothing was typed for so long."""
LIMIT_MS: Final = 20_000
_HIT: Final = Qt.ItemDataRole.UserRole
_BY: Final = Qt.ItemDataRole.UserRole + 1
_CHECKED: Final = Qt.ItemDataRole.CheckStateRole
_LINE_ROOM_PX: Final = 160
"""What a line to type in needs beside its buttons."""
_ROWS_SHOWN: Final = 8
_MOST_SHOWN: Final = 300
"""Characters of what would stand somewhere."""


class Replacement(NamedTuple):
    """A place that is to be changed, as `Hit` has it, and what is put there."""

    hit: Hit
    by: str


class ProjectSearch(SearchLines):
    """Opened by a command, closed with Esc. Owned by the editor's view.

    Args:
        folder: gives the folder to look through; empty when there is none.
        texts: gives the texts of open files, by path.
        parent: as in Qt.
    """

    chosen = Signal(str, int, int, bool)
    """File, line (from 1) and column (from 0) of a place, and whether to go there with the keys too."""
    replace_wanted = Signal(list)
    """These `Replacement`s are to be made."""
    opened = Signal()
    """It is about to be shown: what else stands under the text can make room."""
    closed = Signal()

    def __init__(
        self, folder: Callable[[], str], texts: Callable[[], Mapping[str, str]], parent: QWidget | None = None
    ) -> None:
        hint = "Find in all files of the project"
        super().__init__(hint, hint, parent)
        self._folder = folder
        self._texts = texts
        self._aside = Aside(parent=self)
        self._asked = self._asked_by = 0
        self._is_looking = False
        self._was_cut_off = False
        """Whether it was closed before what is listed was known."""
        self._by_problem = ""
        """Why nothing can come in the places that are listed."""
        self._query = Query("")
        self.cross = LineButton("✕", "Close (Esc)", self)
        self.title = ElidedLabel()
        self.title.setProperty("role", "muted")
        self.replace = QPushButton("Replace the ticked", self)
        self.tree = PlacesTree(self)
        self.tree.setAccessibleName("Places in the project")
        self.tree.setHeaderLabels(["Place", "Now", "Then"])
        self.tree.setUniformRowHeights(True)
        self.tree.setAllColumnsShowFocus(True)
        header = self.tree.header()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        for column in (1, 2):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        header.setStretchLastSection(False)
        self.wait = QTimer(self)
        self.wait.setSingleShot(True)
        self.wait.setInterval(WAIT_MS)
        self.wait.timeout.connect(self.look)
        self._lay_out()
        self.query.textChanged.connect(self._on_typed)
        self.query.entered.connect(self._on_enter)
        for line in (self.query, self.replacement):
            line.left.connect(self.close_search)
        self.replacement.textChanged.connect(self._preview)
        for toggle in self.switches:
            toggle.toggled.connect(self._on_typed)
        self.cross.clicked.connect(self.close_search)
        self.replace.clicked.connect(self._on_replace)
        self.tree.itemActivated.connect(self._on_activated)
        self.tree.itemClicked.connect(self._on_clicked)
        self.tree.itemChanged.connect(self._count)
        self.hide()

    def _lay_out(self) -> None:
        space = tokens.SMALL_SPACE_PX
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * space, space, 2 * space, space)
        layout.setSpacing(space)
        layout.addLayout(self.grid)
        self._toggles = self.row(self.switches, 2)
        self.fold((self._toggles, self.replace), _LINE_ROOM_PX)
        layout.addWidget(self.title)
        layout.addWidget(self.tree)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.tree.hide()

    def arrange(self, *, narrow: bool) -> None:
        """Put the buttons beside the lines, or below them where there is no room."""
        grid = self.grid
        grid.addWidget(self.query, 0, 0)
        grid.addWidget(self.cross, 0, 2)
        if narrow:
            grid.addWidget(self._toggles, 1, 0, 1, 3)
            grid.addWidget(self.replacement, 2, 0, 1, 3)
            grid.addWidget(self.replace, 3, 0, 1, 3)
        else:
            grid.addWidget(self._toggles, 0, 1)
            grid.addWidget(self.replacement, 1, 0)
            grid.addWidget(self.replace, 1, 1, 1, 2)

    # ---- looking --------------------------------------------------------------------------------------------------

    def open(self, selected: str) -> None:
        """Show the search, with the selected text as what is looked for."""
        self.opened.emit()
        self.show()
        if selected and "\n" not in selected:
            self.query.setText(selected)
        if self._was_cut_off:
            self.wait.start()
        self._was_cut_off = False
        self.query.selectAll()
        self.query.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_search(self) -> None:
        """Take it away; what is looked through is not any more."""
        self._was_cut_off = self._was_cut_off or self.is_busy
        self.wait.stop()
        self._asked += 1
        self._is_looking = False
        self._aside.forget()
        self.hide()
        self.closed.emit()

    def make_room(self) -> None:
        """Something else is shown under the text: two lists would leave no room for the text itself."""
        if not self.isHidden():
            self.close_search()

    def stop(self) -> None:
        """The window closes for good."""
        self.wait.stop()
        self._aside.stop()

    def _on_typed(self) -> None:
        self._asked += 1
        self.wait.start()

    def _on_enter(self, _with_shift: bool) -> None:
        if self.wait.isActive():
            self.wait.stop()
            self.look()
        elif self.tree.topLevelItemCount():
            self.tree.setFocus(Qt.FocusReason.OtherFocusReason)

    def look(self) -> None:
        """Look through the files now."""
        self._query = self.asked()
        self._asked += 1
        self._is_looking = False
        number, folder = self._asked, self._folder()
        if not self._query.text:
            self._show_nothing("")
            return
        try:
            compiled(self._query)
        except QueryProblem as problem:
            self._show_nothing(f"✕  {problem}")
            return
        if not folder:
            self._show_nothing("Open a file: the project that it belongs to is looked through.")
            return
        self.title.show_text("Looking through the project…")
        self._aside.forget()
        request = {"do": "search", "folder": folder, "texts": dict(self._texts()), "query": self._query.as_json()}

        def answered(answer: Answer) -> None:
            if number == self._asked:
                self._is_looking = False
                self._show(answer, folder)

        self._is_looking = True
        self._aside.ask(request, answered, LIMIT_MS)

    @property
    def is_busy(self) -> bool:
        """Whether an answer is to come."""
        return self.wait.isActive() or self._aside.is_busy

    # ---- what was found -------------------------------------------------------------------------------------------

    def _show_nothing(self, words: str) -> None:
        if self.tree.hasFocus():
            self.query.setFocus(Qt.FocusReason.OtherFocusReason)
        self.tree.clear()
        self.tree.hide()
        self._let_replace(False)
        self.title.show_text(words)

    def _show(self, answer: Answer, folder: str) -> None:
        if "problem" in answer:
            self._show_nothing(f"✕  The project could not be looked through. {answer['problem']}")
            return
        self.tree.blockSignals(True)
        self.tree.clear()
        hits = [Hit(*hit) for hit in answer["hits"]]
        groups: dict[str, QTreeWidgetItem] = {}
        for hit in hits:
            if hit.file not in groups:
                groups[hit.file] = QTreeWidgetItem(self.tree, [_short(hit.file, folder)])
                groups[hit.file].setToolTip(0, plain_tip(hit.file))
            row = QTreeWidgetItem(groups[hit.file], [_lines(hit), hit.text, ""])
            row.setData(0, _HIT, hit)
            row.setToolTip(1, plain_tip(hit.found if "\n" in hit.found else hit.text))
            row.setFlags(row.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            row.setCheckState(0, Qt.CheckState.Checked)
        self._add_left(answer["left"], folder)
        for group in groups.values():
            group.setExpanded(True)
        self.tree.blockSignals(False)
        self.tree.setVisible(bool(self.tree.topLevelItemCount()))
        self.tree.want(min(_ROWS_SHOWN, len(hits) + len(groups) + 1))
        places, files = _counted(len(hits), "place"), _counted(len(groups), "file")
        more = "" if answer["is_all"] else ", and more that are not listed: narrow the search"
        looked = _counted(answer["files"], "file")
        self.title.show_text(f"{places} in {files}{more}" if hits else f"Nothing found in {looked}")
        self.setAccessibleName(self.title.whole)
        self._preview()

    def _add_left(self, left: Sequence[Sequence[str]], folder: str) -> None:
        if not left:
            return
        group = QTreeWidgetItem(self.tree, [f"Not looked at: {_counted(len(left), 'file')}"])
        for file, why in left:
            row = QTreeWidgetItem(group, [_short(file, folder), why])
            row.setToolTip(0, plain_tip(file))

    def _rows(self) -> list[QTreeWidgetItem]:
        groups = [self.tree.topLevelItem(index) for index in range(self.tree.topLevelItemCount())]
        rows = [group.child(index) for group in groups if group is not None for index in range(group.childCount())]
        return [row for row in rows if row is not None and row.data(0, _HIT) is not None]

    def _preview(self) -> None:
        """Show what would stand in each place; for a pattern as soon as the side process knows."""
        if self._is_looking:
            return  # it is shown with what is found
        rows, by = self._rows(), self.replacement.text()
        self._asked_by += 1
        if not self._query.is_pattern or not rows:
            self._show_by(rows, [by] * len(rows))
            return
        self._let_replace(False)
        request = {
            "do": "replace", "places": [_around(Hit(*row.data(0, _HIT))) for row in rows],
            "query": self._query.as_json(), "by": by,
        }  # fmt: skip
        number, looked = self._asked_by, self._asked

        def answered(answer: Answer) -> None:
            if (number, looked) == (self._asked_by, self._asked):
                self._take_by(rows, answer)

        self._aside.forget()
        self._aside.ask(request, answered)

    def _take_by(self, rows: Sequence[QTreeWidgetItem], answer: Answer) -> None:
        problem = why_given_up(answer) if "problem" in answer else answer["by_problem"]
        self._show_by(rows, [""] * len(rows) if problem else answer["by"], problem)

    def _show_by(self, rows: Sequence[QTreeWidgetItem], texts: Sequence[str | None], problem: str = "") -> None:
        """Show what would stand in each place: None where what is known of the place does not tell."""
        self._by_problem = problem
        self.tree.blockSignals(True)
        for row, by in zip(rows, texts, strict=True):
            if by is None:
                then = "Replace it in the file: the pattern looks at more than this place."
                row.setData(0, _CHECKED, None)
                row.setFlags(row.flags() & ~Qt.ItemFlag.ItemIsUserCheckable)
            else:
                then = _with(Hit(*row.data(0, _HIT)), by) if self.replacement.text() else ""
            row.setData(0, _BY, by)
            row.setText(2, then)
            row.setToolTip(2, plain_tip(then))
        self.tree.blockSignals(False)
        self._count()
        if problem:
            self.title.show_text(f"✕  {problem}")

    def ticked(self) -> list[Replacement]:
        """The places that would be changed."""
        rows = [row for row in self._rows() if row.data(0, _CHECKED) == Qt.CheckState.Checked.value]
        return [Replacement(Hit(*row.data(0, _HIT)), row.data(0, _BY) or "") for row in rows]

    def _count(self) -> None:
        ticked = len(self.ticked())
        self.replace.setText(f"Replace {_counted(ticked, 'place')}" if ticked else "Replace the ticked")
        self._let_replace(bool(ticked) and not self._by_problem)

    def _let_replace(self, may: bool) -> None:
        if not may and self.replace.hasFocus():
            # Else Qt gives the keyboard to what comes next, in another panel.
            self.query.setFocus(Qt.FocusReason.OtherFocusReason)
        self.replace.setEnabled(may)

    def _on_activated(self, row: QTreeWidgetItem) -> None:
        self._choose(row, focus=True)

    def _on_clicked(self, row: QTreeWidgetItem, column: int) -> None:
        if column:
            # The first one has the box to tick.
            self._choose(row, focus=False)

    def _choose(self, row: QTreeWidgetItem, *, focus: bool) -> None:
        found = row.data(0, _HIT)
        if found is not None:
            hit = Hit(*found)
            self.chosen.emit(hit.file, hit.line, hit.column, focus)

    def _on_replace(self) -> None:
        if not self.is_busy:
            self.replace_wanted.emit(self.ticked())

    @guarded(None)
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_search()
        else:
            super().keyPressEvent(event)


def _around(hit: Hit) -> tuple[str, int, int]:
    """The text around a hit, as far as it is known, and where in that it stands."""
    return (hit.whole, hit.column, hit.end) if hit.whole else (hit.found, 0, len(hit.found))


def _lines(hit: Hit) -> str:
    """Which line, or lines, a hit is in."""
    more = hit.found.rstrip("\n").count("\n")
    return f"lines {hit.line} to {hit.line + more}" if more else f"line {hit.line}"


def _with(hit: Hit, by: str) -> str:
    """What is shown of the line, with another text in the place of this hit; lines that follow stand behind a sign."""
    if "\n" in hit.found or hit.text == hit.whole.strip():
        then = (hit.whole[: hit.column] + by + hit.whole[hit.end :]) if hit.whole else by
        return " ⏎ ".join(line.strip() for line in then.strip().split("\n"))[:_MOST_SHOWN]
    return hit.text.replace(hit.found, by, 1)


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _short(file: str, folder: str) -> str:
    """The path as it stands below the folder."""
    try:
        return str(Path(file).relative_to(folder))
    except ValueError:
        return file
