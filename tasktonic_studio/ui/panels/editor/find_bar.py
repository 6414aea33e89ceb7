"""Find and replace in the file in front."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, QTimer
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from tasktonic_studio.analysis.text_search import MOST_HITS
from tasktonic_studio.ui.panels.editor.code_editor import CodeEditor
from tasktonic_studio.ui.panels.editor.finder import Finder, Found, Wanted
from tasktonic_studio.ui.panels.editor.line_buttons import LineButton
from tasktonic_studio.ui.panels.editor.search_lines import SearchLines
from tasktonic_studio.ui.panels.editor.searching import Part, hit_at, next_hit
from tasktonic_studio.ui.theme import tokens

MOST_REPLACED: Final = 1_000_000
"""At once; who wants more presses once more."""
_SHORT: Final = 400_000
"""Characters; in a longer text, and for a pattern, one looks again only when typing rests."""
_REST_MS: Final = 150
_SLOW_MS: Final = 150
"""What takes longer is said to be looked for."""
NO_PART: Final = "Select a part of the text first: then it is searched alone."
PART_LOST: Final = (
    "What was selected was changed in several places, so nothing is searched now. Select it again and press Sel, or press Sel "
    "without a selection to search the whole file."
)
_LINE_ROOM_PX: Final = 260
"""What a line to type in needs beside its buttons, with the count and the button to close."""


class FindBar(SearchLines):
    """One line to find, a second one to replace. Owned by the editor's view; one for all files."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Find", "Find in this file", parent)
        self._editor: CodeEditor | None = None
        self._finder = Finder(self)
        self._found = Found()
        self._has: Wanted | None = None
        """The question that `_found` answers, while the text is the one that was looked through."""
        self._asked: Wanted | None = None
        """The one whose answer is to come, and what is done then."""
        self._then: Callable[[], None] | None = None
        self._part: Part | None = None
        """What is searched alone, as it was known last; while it is lost, nothing is searched."""
        self._again = _timer(self, _REST_MS, self._look)
        self._slow = _timer(self, _SLOW_MS, self._say_slow)
        self.count = QLabel(self)
        self.count.setProperty("role", "muted")
        self.in_part = LineButton("Sel", "Only in what is selected now", self, toggles=True)
        self.problem = QLabel(self)
        self.problem.setProperty("role", "problem")
        self.problem.setWordWrap(True)
        self.problem.setTextFormat(Qt.TextFormat.PlainText)
        self.problem.hide()
        self.previous = LineButton("↑", "Previous hit (Shift+F3)", self)
        self.next = LineButton("↓", "Next hit (F3)", self)
        self.close_button = LineButton("✕", "Close (Esc)", self)
        self.replace_one = QPushButton("Replace", self)
        self.replace_every = QPushButton("Replace all", self)
        self._lay_out()
        self.query.textChanged.connect(self._on_typed)
        self.query.entered.connect(self._on_enter)
        self.replacement.entered.connect(self._on_replace)
        for line in (self.query, self.replacement):
            line.left.connect(self.close_bar)
        for toggle in self.switches:
            toggle.toggled.connect(self._on_typed)
        self.in_part.toggled.connect(self._on_part)
        self.previous.clicked.connect(self.find_previous)
        self.next.clicked.connect(self.find_next)
        self.close_button.clicked.connect(self.close_bar)
        self.replace_one.clicked.connect(self._on_replace)
        self.replace_every.clicked.connect(self._on_replace_all)
        self.setTabOrder(self.replace_every, self.close_button)
        self.hide()

    def set_editor(self, editor: CodeEditor | None) -> None:
        """Another file came to the front."""
        if self._editor is editor:
            return
        if self._editor is not None:
            self._editor.changed.disconnect(self._on_text_changed)
            self._editor.set_hits(())
        self._editor = editor
        self._search_all()
        self._on_text_changed()
        if editor is not None:
            editor.changed.connect(self._on_text_changed)

    @property
    def is_busy(self) -> bool:
        """Whether an answer is to come."""
        return self._finder.is_busy or self._again.isActive()

    def stop(self) -> None:
        """The window closes for good."""
        self._again.stop()
        self._slow.stop()
        self._finder.stop()

    def open(self, replace: bool = False) -> None:
        """Show the line, with what is selected in the text as what is looked for."""
        editor = self._editor
        if editor is None:
            return
        for widget in (self.replacement, self.replace_one, self.replace_every):
            widget.setVisible(replace and not editor.is_read_only())
        selected = editor.selected_text()
        self.show()
        # Found or not: while the line was closed nothing was marked.
        self._has = None
        if selected and "\n" not in selected:
            self.query.setText(selected)
        self._look()
        self.query.selectAll()
        self.query.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_bar(self) -> None:
        """Take the line and the marked hits away; the text has the keys again."""
        self.hide()
        self._search_all()
        self._on_text_changed()
        if self._editor is not None:
            self._editor.set_hits(())
            self._editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def find_next(self) -> None:
        """Select the next hit, from the end on from the beginning again."""
        self._step(True)

    def find_previous(self) -> None:
        """Select the hit before."""
        self._step(False)

    def _step(self, forward: bool) -> None:
        if not self.query.text():
            self.open()
            return
        self._look(partial(self._go, forward))

    def _go(self, forward: bool) -> None:
        editor = self._editor
        if editor is None:
            return
        index = next_hit(self._found.spans, editor.selection(), forward)
        if index >= 0:
            start, end = self._found.spans[index]
            editor.show_line(editor.line_of(start))
            editor.select(start, end)
        elif self.isHidden():
            # That there is none, or why nobody knows, stands in the line.
            self.show()
        self._tell()

    def _look(self, then: Callable[[], None] | None = None, most: int = 0) -> None:
        """Find all hits, mark them in the text while the line is open, and do something `then`: at once when they are known."""
        self._again.stop()
        editor, wanted = self._editor, self._wanted(most or MOST_HITS)
        if wanted == self._has:
            if then is not None:
                then()
            return
        self._then = then
        if wanted == self._asked:
            return
        self._asked = wanted
        if editor is None or not wanted.query.text:
            self._finder.forget()
            self._take(wanted, Found())
            return
        text = editor.text()
        if self._part is not None:
            part = self._part.in_changed(text, editor.caret())
            if part is None:
                # Nothing is found, so nothing is replaced where nobody meant it, however often it is asked for.
                self._take(wanted, Found(problem=PART_LOST))
                self._has = None
                return
            self._part = part
        self._slow.start()
        self._say("")
        within = self._part.span if self._part is not None else None
        self._finder.find(text, wanted._replace(within=within), partial(self._take, wanted))

    def _wanted(self, most: int) -> Wanted:
        return Wanted(self.asked(), most, by=None if self.replacement.isHidden() else self.replacement.text())

    def _take(self, wanted: Wanted, found: Found) -> None:
        self._slow.stop()
        then, self._asked, self._then = self._then, None, None
        self._has, self._found = wanted, found
        self._say(found.problem)
        if self._editor is not None:
            self._editor.set_hits(() if self.isHidden() else found.spans)
        self._tell()
        if then is not None:
            then()

    def _say_slow(self) -> None:
        self._show_count("looking…")

    def _say(self, problem: str) -> None:
        """Why it cannot be done; nothing when it can."""
        self.problem.setText(f"✕  {problem}" if problem else "")
        self.problem.setAccessibleName(problem)
        self.problem.setVisible(bool(problem))

    def _on_text_changed(self) -> None:
        """What was found need not be there any more."""
        self._has = self._asked = self._then = None
        self._found = Found()
        self._slow.stop()
        self._finder.forget()
        editor = self._editor
        # Nobody looks at hits while the line is closed: they are found when the next one is asked for.
        if editor is not None and not self.isHidden():
            is_quick = not self.is_pattern.isChecked() and editor.line_start(editor.line_count()) <= _SHORT
            self._again.start(0 if is_quick else _REST_MS)

    def _tell(self) -> None:
        hits = self._found.spans
        if not self.query.text() or self._found.problem:
            words = ""
        elif not hits:
            words = "nothing found"
        else:
            total = f"{len(hits):,}{'+' if self._has is not None and len(hits) == self._has.most else ''}"
            index = hit_at(hits, self._editor.selection()) if self._editor is not None else -1
            words = f"{index + 1:,} of {total}" if index >= 0 else f"{total} found"
        self._show_count(words)

    def _show_count(self, words: str) -> None:
        self.count.setText(words)
        self.count.setAccessibleName(words)
        # Where it has a row of its own it leaves none empty.
        self.count.setVisible(bool(words) or not self._is_narrow)

    def _on_typed(self) -> None:
        self._look(self._go_to_first)

    def _go_to_first(self) -> None:
        if self._editor is not None and hit_at(self._found.spans, self._editor.selection()) < 0:
            self._go(True)

    def _search_all(self) -> None:
        """The part that was searched is of no interest any more."""
        self._part = None
        with QSignalBlocker(self.in_part):
            self.in_part.setChecked(False)

    def _on_part(self, checked: bool) -> None:
        editor, part, self._part = self._editor, self._part, None
        start, end = editor.selection() if editor is not None else (0, 0)
        is_lost = part is not None and editor is not None and part.in_changed(editor.text(), editor.caret()) is None
        if is_lost and start < end:
            # Who selects a lost part again means that one, and not the whole file.
            with QSignalBlocker(self.in_part):
                self.in_part.setChecked(True)
            checked = True
        if checked and editor is not None:
            if start == end:
                self._search_all()
                self._say(NO_PART)
                return
            self._part = Part.of(editor.text(), start, end)
        self._has = self._asked = None
        if not self.isHidden():
            self._look(self._go_to_first)

    def _on_enter(self, with_shift: bool) -> None:
        self._step(not with_shift)

    def _on_replace(self) -> None:
        if self._editor is not None and not self._editor.is_read_only():
            self._look(self._replace_selected)

    def _replace_selected(self) -> None:
        editor = self._editor
        if editor is None:
            return
        index = hit_at(self._found.spans, editor.selection())
        if index < 0:
            self._go(True)
        elif self._may_replace():
            editor.replace(*self._found.spans[index], self._found.by[index])
            self._look(partial(self._go, True))

    def _on_replace_all(self) -> None:
        if self._editor is not None and not self._editor.is_read_only():
            self._look(self._replace_all)

    def _replace_all(self) -> None:
        editor, hits = self._editor, self._found.spans
        if editor is None or self._has is None or not hits or not self._may_replace():
            return
        if len(hits) == self._has.most < MOST_REPLACED:
            self._look(self._replace_all, MOST_REPLACED)
            return
        more = ", and there are more" if len(hits) == MOST_REPLACED else ""
        editor.replace_all(hits, self._found.by)
        self._look(partial(self._show_count, f"{len(hits):,} replaced{more}"))

    def _may_replace(self) -> bool:
        """Whether something can come in the places; else it is said why not."""
        self._say(self._found.by_problem)
        return not self._found.by_problem

    def _lay_out(self) -> None:
        space = tokens.SMALL_SPACE_PX
        self._tools = self.row((*self.switches, self.in_part, self.previous, self.next), 2)
        self._replacing = self.row((self.replace_one, self.replace_every), space)
        self.grid.setContentsMargins(2 * space, space, 2 * space, space)
        self.setLayout(self.grid)
        self.fold((self._tools, self._replacing), _LINE_ROOM_PX)

    def arrange(self, *, narrow: bool) -> None:
        """Put the buttons beside the lines, or below them where there is no room."""
        grid = self.grid
        grid.addWidget(self.query, 0, 0)
        grid.addWidget(self.close_button, 0, 3)
        grid.addWidget(self.problem, 5, 0, 1, 4)
        self.count.setVisible(bool(self.count.text()) or not narrow)
        if narrow:
            for row, widget in enumerate((self._tools, self.count, self.replacement, self._replacing), start=1):
                grid.addWidget(widget, row, 0, 1, 4)
        else:
            grid.addWidget(self._tools, 0, 1)
            grid.addWidget(self.count, 0, 2)
            grid.addWidget(self.replacement, 1, 0)
            grid.addWidget(self._replacing, 1, 1, 1, 3)


def _timer(parent: QWidget, interval_ms: int, act: Callable[[], None]) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(interval_ms)
    timer.timeout.connect(act)
    return timer
