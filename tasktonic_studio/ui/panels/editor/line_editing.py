"""Changes of whole lines, the same in both widgets: in and out, comments, up and down, double, gone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from tasktonic_studio.ui.panels.editor import commenting, indentation
from tasktonic_studio.ui.panels.editor.languages import Language
from tasktonic_studio.ui.panels.editor.text_widget import TextWidget


class LineEditing(TextWidget):
    """What an editor does with lines, in the terms of what each widget can do."""

    def column(self) -> int:
        """Of the caret, from 1."""
        caret = self.caret()
        return caret - self.line_start(self.line_of(caret)) + 1

    def new_line(self) -> None:
        """What Enter does: the next line goes in as far as its place in the code asks for."""
        start, end = self.selection()
        line = self.line_of(start)
        before = self.line_text(line)[: start - self.line_start(line)]
        is_python = self.language is Language.PYTHON
        indent = indentation.indent_after(before, self.unit) if is_python else indentation.indent_of(before)
        self.replace(start, end, f"\n{indent}")

    def toggle_comment(self) -> None:
        """Make the selected lines comments, or code again.

        Raises:
            NoCommentProblem: the language has none, or these lines cannot become one.
        """
        self._change_lines(partial(commenting.toggled, self.language))

    def move_in(self) -> None:
        """Move the selected lines one step in; without a selection, the caret to the next stop."""
        start, end = self.selection()
        if start == end or "\n" not in self.text()[start:end]:
            stop = len(self.unit) if self.unit != "\t" else 1
            self.replace(start, end, "\t" if self.unit == "\t" else " " * (stop - (self.column() - 1) % stop))
        else:
            self.move_lines_in()

    def move_lines_in(self) -> None:
        """Move the lines of the selection, or of the caret, one step in."""
        self._change_lines(lambda lines: indentation.moved_in(lines, self.unit))

    def move_lines_out(self) -> None:
        """Move the lines of the selection, or of the caret, one step out."""
        self._change_lines(lambda lines: indentation.moved_out(lines, self.unit))

    def move_out(self) -> None:
        """Move the lines of the selection one step out."""
        self.move_lines_out()

    def _change_lines(self, change: Callable[[Sequence[str]], list[str]]) -> None:
        if self.is_read_only():
            return
        start, end = self.selection()
        first, last = self._selected_lines()
        old = [self.line_text(line) for line in range(first, last + 1)]
        new = change(old)
        if new == old:
            return
        begin = self.line_start(first)
        self.replace(begin, self.line_start(last) + len(old[-1]), "\n".join(new))
        if start == end:
            caret = max(begin, start + len(new[0]) - len(old[0]))
            self.select(caret, caret)
        else:
            self.select(begin, begin + len("\n".join(new)))

    def _selected_lines(self) -> tuple[int, int]:
        """The first and the last line that the selection touches."""
        start, end = self.selection()
        first, last = self.line_of(start), self.line_of(end)
        if last > first and self.line_start(last) == end:
            last -= 1
        return first, last

    def _text_of_lines(self, first: int, last: int) -> str:
        return "\n".join(self.line_text(line) for line in range(first, last + 1))

    def _end_of(self, line: int) -> int:
        return self.line_start(line) + len(self.line_text(line))

    def duplicate_lines(self) -> None:
        """Put the selected lines once more below themselves; the selection goes down with them."""
        if self.is_read_only():
            return
        start, end = self.selection()
        first, last = self._selected_lines()
        text = self._text_of_lines(first, last)
        at = self._end_of(last)
        self.replace(at, at, "\n" + text)
        self.select(start + len(text) + 1, end + len(text) + 1)

    def delete_lines(self) -> None:
        """Take the selected lines away."""
        if self.is_read_only():
            return
        first, last = self._selected_lines()
        begin, end = self.line_start(first), self._end_of(last)
        if last < self.line_count():
            self.replace(begin, end + 1, "")
        else:
            self.replace(max(0, begin - 1), end, "")

    def move_lines(self, step: int) -> None:
        """Move the selected lines one down, or one up when `step` is negative; the selection goes with them."""
        first, last = self._selected_lines()
        other = first - 1 if step < 0 else last + 1
        if self.is_read_only() or not 1 <= other <= self.line_count():
            return
        start, end = self.selection()
        moved, passed = self._text_of_lines(first, last), self.line_text(other)
        if step < 0:
            self.replace(self.line_start(other), self._end_of(last), f"{moved}\n{passed}")
            shift = -(len(passed) + 1)
        else:
            self.replace(self.line_start(first), self._end_of(other), f"{passed}\n{moved}")
            shift = len(passed) + 1
        self.select(start + shift, end + shift)
