"""A picture of a slip in a source, underlined, with ways to mend it: python tests/helpers/picture_of_a_slip.py FILE.png."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from PySide6.QtGui import QPainter  # noqa: E402 - found in this checkout from here on
from PySide6.QtWidgets import QApplication  # noqa: E402

from tasktonic_studio.ui.panels.editor.panel import EditorPanel  # noqa: E402
from tasktonic_studio.ui.panels.editor.view import EditorView  # noqa: E402
from tasktonic_studio.ui.panels.problems.panel import ProblemsPanel  # noqa: E402
from tasktonic_studio.ui.theme.stylesheet import dress  # noqa: E402
from tests.helpers.window_stand import WindowStand  # noqa: E402

LONGEST_S = 60
SIZE = (1300, 800)
DOOR = '''\
"""A door."""

import time

from tasktonic import *


class Door(ttTonic):
    def ttse__on_strat(self):
        self.to_state("opne")

    def ttsc_open__close(self, how):
        time.sleep(1)
        self.to_state("closed")

    def ttsc_closed__open(self):
        self.to_state("open")
        self.bind(ttTimerSingleShot, 5)
        self.ttsc__close()
'''


def main(picture: str) -> None:
    """Take it."""
    app = QApplication([])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "door.py"
        file.write_text(DOOR)
        editor, problems = EditorPanel(folder / "drafts"), ProblemsPanel()
        stand = WindowStand(folder, panels=[editor, problems], theme="dark")
        dress(app, stand.theme)
        stand.window.resize(*SIZE)
        stand.window.show()
        stand.bench.show_panel("problems")
        stand.bench.open_source(str(file), 9)
        checking = editor.checking
        assert checking is not None
        _wait(app, lambda: bool(checking.of_front()) and problems.view.model.count > 0)
        problems.view.on_chosen(problems.view.model.index(1, 0))
        stand.bench.run("editor.mend")
        app.processEvents()
        grabbed = stand.window.grab()
        if checking.menu is not None:
            painter = QPainter(grabbed)
            painter.drawPixmap(stand.window.mapFromGlobal(checking.menu.pos()), checking.menu.grab())
            painter.end()
        grabbed.save(picture)
        EditorView.ask = staticmethod(lambda *_: "Discard")
        stand.close()


def _wait(app: QApplication, is_so: Callable[[], bool]) -> None:
    until_s = time.monotonic() + LONGEST_S
    while not is_so() and time.monotonic() < until_s:
        app.processEvents()
        time.sleep(0.01)


if __name__ == "__main__":
    main(sys.argv[1])
