"""The way out, in a process of its own: whatever is going on, the app ends, with nothing said on stderr.

On the platform of Qt that the environment names; ``tests/end_to_end/test_under_x.py`` has them run in a real X server as well.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

PROGRAM = """
import sys, threading, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import *
from tasktonic import ttCatalyst, ttFormula, ttStore, ttTimerRepeat, ttTonic
from tasktonic.qt import ttPyside6Ui, ttPysideMixin, ttPysideWidget, ttPysideWindow

class Child(ttPysideWidget): pass

class Busy(ttTonic):
    def ttse__on_start(self):
        self.tts__spin()
    def tts__spin(self):
        self.tts__spin()

class Window(ttPysideWindow):
    def setup_ui(self):
        self.button = QPushButton(self)
        self.show()
    def ttse__on_start(self):
        self.begin()
    def begin(self):
        self.ttsc__end()
    def ttsc__end(self):
        self.finish()

CLASSES

class App(ttFormula):
    def creating_formula(self):
        return {"tasktonic/log/to": "off"}
    def creating_main_catalyst(self):
        ttPyside6Ui(name="ui")
    def creating_starting_tonics(self):
        Window(name="window")

App()
print("ended")
"""

WAYS = {
    "a window is open": """
class Window(Window):
    def begin(self):
        QTimer.singleShot(20, self.close)
""",
    "the interpreter still holds widgets": """
class Window(Window):
    def begin(self):
        global kept
        kept = [QLabel('x'), QDialog()]
        kept[0].show()
        self.finish()
""",
    "children, timers and other catalysts are busy": """
class Window(Window):
    def begin(self):
        [Child() for _ in range(20)]
        Busy(catalyst=ttCatalyst())
        [self.bind(ttTimerRepeat, seconds=0.001, name='tick') for _ in range(20)]
        self.timer = QTimer(self); self.timer.start(1)
        QTimer.singleShot(20, self.close)
    def ttse__on_tick(self, info):
        self.ttsc__more()
    def ttsc__more(self): pass
""",
    "a sparkle waits for a modal dialog": """
class Window(Window):
    def begin(self):
        threading.Timer(0.05, self.ledger.main_catalyst.finish).start()
        assert QDialog(self).exec() == QDialog.DialogCode.Rejected
        QMessageBox.question(self, 'Sure?', 'Are you?')
""",
    "a slot waits for a modal dialog": """
class Window(Window):
    def begin(self):
        QTimer.singleShot(0, self.ask)
    def ask(self):
        QTimer.singleShot(20, self.finish)
        QMessageBox.question(self, 'Sure?', 'Are you?')
""",
    "a sparkle waits for a menu": """
class Window(Window):
    def begin(self):
        threading.Timer(0.05, self.ledger.main_catalyst.finish).start()
        menu = QMenu(self); menu.addAction('x'); menu.exec(self.mapToGlobal(self.pos()))
""",
    "a dialog that is a tonic is open": """
class Asking(ttPysideMixin, QDialog):
    def ttse__on_start(self):
        self.open()
class Window(Window):
    def begin(self):
        self.bind(Asking, parent=self)
        QTimer.singleShot(20, self.finish)
""",
    "the window waits for its second closing": """
class Window(Window):
    asked = 0
    def begin(self):
        self.close()
        self.close()
    def closeEvent(self, event):
        self.asked += 1
        event.ignore() if self.asked == 1 else super().closeEvent(event)
""",
    "somebody quits the loop": """
class Window(Window):
    def begin(self):
        Busy(catalyst=ttCatalyst())
        QTimer.singleShot(20, QApplication.quit)
""",
    "all windows are closed at once, below a modal dialog": """
class Second(Window):
    def begin(self): pass
class Window(Window):
    def begin(self):
        Second(name='second')
        QDialog(self).open()
        QTimer.singleShot(20, QApplication.closeAllWindows)
""",
    "work runs in threads and processes": """
class Window(Window):
    def begin(self):
        for where in ('thread', 'process'):
            self.offload(time.sleep, 0.2, where=where)
            self.offload(abs, 1, on_result=self.ttse__soon, where=where)
        self.missing = 2
    def ttse__soon(self, result):
        self.missing -= 1
        if not self.missing:
            self.close()
""",
    "another thread writes what widgets show": """
class Writer(ttTonic):
    def ttse__on_start(self):
        self.store = self.bind(ttStore)
        self.tts__write(0)
    def tts__write(self, number):
        self.store.set('number', number)
        self.tts__write(number + 1)
class Window(Window):
    def begin(self):
        self.box = QSpinBox(self)
        self.box.setMaximum(1_000_000_000)
        self.bind_widget(self.box, 'number')
        Writer(catalyst=ttCatalyst())
        QTimer.singleShot(20, self.close)
""",
}


@pytest.mark.parametrize("classes", WAYS.values(), ids=WAYS)
def test_app_ends_without_a_word_while(classes: str, user_folders: Path) -> None:
    program = PROGRAM.replace("CLASSES", classes)

    ended = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", program],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"},
        cwd=user_folders,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )

    said = [line for line in ended.stderr.splitlines() if not line.startswith("This plugin does not support")]
    assert (ended.returncode, ended.stdout, said) == (0, "ended\n", [])
