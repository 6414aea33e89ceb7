"""The editor with a file of 50,000 lines: opening it, a key press until it is drawn, a scrolled frame; in both widgets."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.rows import Row, timed
from tasktonic_studio.ui.panels.editor.code_editor import CodeEditor
from tasktonic_studio.ui.panels.editor.outlines import Outlines
from tasktonic_studio.ui.panels.editor.plain import PlainEditor
from tasktonic_studio.ui.panels.editor.recovery import Recovery
from tasktonic_studio.ui.panels.editor.scintilla import ScintillaEditor
from tasktonic_studio.ui.panels.editor.view import EditorView
from tasktonic_studio.ui.theme.theme import Theme

LINES = 50_000
OPEN_MS = 1_000.0
FRAME_MS = 16.7
KEYS = 200

TONIC = '''\
class Door{number}(ttTonic):
    """One of many doors."""

    def ttse__on_start(self):
        self.to_state("closed")

    def ttsc_closed__open(self, times, how=None):
        for time in range(times):
            self.ttsc__knock({{"how": how, "time": time}})  # again and again
        self.to_state("open")

    def ttsc__knock(self, what):
        self.log(f"somebody knocks: {{what}}")

'''


def rows(scale: float) -> Iterator[Row]:
    """For Scintilla and for the plain editor."""
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    lines = max(1_000, round(LINES * scale))
    per_tonic = TONIC.count("\n")
    text = "".join(TONIC.format(number=number) for number in range(lines // per_tonic + 1))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "doors.py")
        file.write_text(text, encoding="utf-8")
        for name, widget in (("Scintilla", ScintillaEditor), ("the plain editor", PlainEditor)):
            yield from _measured(application, Path(folder), file, widget, f"{text.count(chr(10)):,} lines in {name}")


def _measured(
    application: QApplication, folder: Path, file: Path, widget: Callable[[], CodeEditor], label: str
) -> Iterator[Row]:
    view = EditorView(Recovery(folder / "drafts"), Theme("dark"), lambda _: None, widget)
    outlines = Outlines(view)
    view.outline_side.take_from(outlines)
    view.resize(1000, 700)
    view.show()
    application.processEvents()
    began_s = time.perf_counter()
    view.open_place(str(file))
    application.processEvents()
    yield Row(f"open {label}", OPEN_MS, "ms", (time.perf_counter() - began_s) * 1e3)
    editor = view.editor()
    assert editor is not None
    editor.go_to(editor.line_count() // 2)
    editor.setFocus()

    def press(number: int) -> None:
        QTest.keyClicks(editor.input_widget(), "ab.("[number % 4])
        application.processEvents()

    def scroll(number: int) -> None:
        editor.scroll_to(1 + (number + 3) * 37 % editor.line_count())
        application.processEvents()

    yield timed(press, KEYS).row(f"a key press, {label}", FRAME_MS, "keys")
    yield timed(scroll, KEYS).row(f"a scrolled frame, {label}", FRAME_MS)
    view.finish()
    outlines.finish()
    view.hide()
    view.deleteLater()
    application.processEvents()
