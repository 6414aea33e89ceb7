"""Tonics in a window: a counter with a stop-watch, on the Qt loop. Needs PySide6.

The window is a tonic. Its buttons reach it by name (``ttqt__plus__clicked``), differently in each state: while the watch runs,
"Reset" does nothing. Closing the window finishes the tonic, and with the last tonic the app.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from tasktonic import ttFormula, ttTimerRepeat
from tasktonic.qt import ttPyside6Ui, ttPysideWindow


class CounterWindow(ttPysideWindow):
    def setup_ui(self) -> None:
        self.setWindowTitle("A tonic in a window")
        self.number = QLabel("0")
        self.number.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.plus = QPushButton("&Plus one")
        self.watch = QPushButton("&Start")
        self.reset = QPushButton("&Reset")
        page = QWidget()
        column = QVBoxLayout(page)
        column.addWidget(self.number)
        row = QHBoxLayout()
        column.addLayout(row)
        for button in (self.plus, self.watch, self.reset):
            row.addWidget(button)
        self.setCentralWidget(page)
        self.resize(360, 160)
        self.show()

    def ttse__on_start(self) -> None:
        self.count = 0
        self.ticker = self.bind(ttTimerRepeat, seconds=0.1, name="tick").stop()
        self.to_state("standing")

    def ttqt__plus__clicked(self) -> None:
        self.count_up()

    def ttqt_standing__watch__clicked(self) -> None:
        self.to_state("running")

    def ttqt_running__watch__clicked(self) -> None:
        self.to_state("standing")

    def ttqt_standing__reset__clicked(self) -> None:
        self.count = -1
        self.count_up()

    def ttse_running__on_enter(self) -> None:
        self.watch.setText("&Stop")
        self.ticker.start()

    def ttse_running__on_tick(self, info: dict[str, Any]) -> None:
        self.count_up()

    def ttse_running__on_exit(self) -> None:
        self.ticker.stop()
        self.watch.setText("&Start")

    def count_up(self) -> None:
        self.count += 1
        self.number.setText(str(self.count))


class CounterApp(ttFormula):
    def creating_formula(self) -> dict[str, Any]:
        return {"tasktonic/log/to": "screen"}

    def creating_main_catalyst(self) -> None:
        ttPyside6Ui(name="ui")

    def creating_starting_tonics(self) -> None:
        CounterWindow(name="counter")


if __name__ == "__main__":
    CounterApp()
