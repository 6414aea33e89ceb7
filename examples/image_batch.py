"""A batch of images, computed in worker processes, in a window that never freezes. Needs PySide6.

Each picture is a look at the Mandelbrot set, closer than the one before: a second of plain arithmetic for all processors. The window
hands each to the pool (``self.offload``), shows how far all of them are, and each one when it comes. Closing it cancels the rest.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QGridLayout, QLabel, QProgressBar, QVBoxLayout

from tasktonic import ttFormula
from tasktonic.qt import ttPyside6Ui, ttPysideWidget

PICTURES, SIDE_PX, COLUMNS = 8, 96, 4
CENTRE = complex(-0.7453, 0.1127)
REPORTS_EVERY = 8
"""Rows of a picture from one report to the next."""


def look_at(number: int, report: Any) -> bytes:
    """Compute one picture, three bytes for each point. In a worker process."""
    span = 3.0 / 2.2**number
    points = bytearray()
    for row in range(SIDE_PX):
        for column in range(SIDE_PX):
            c = CENTRE + span * complex(column / SIDE_PX - 0.5, row / SIDE_PX - 0.5)
            z, steps = 0j, 0
            while abs(z) < 2 and steps < 120:
                z, steps = z * z + c, steps + 1
            points += bytes((0, 0, 0) if steps == 120 else (steps * 2, (steps * 7) % 256, 255 - steps * 2))
        if (row + 1) % REPORTS_EVERY == 0:
            report(REPORTS_EVERY)
    return bytes(points)


class Batch(ttPysideWidget):
    def setup_ui(self) -> None:
        self.setWindowTitle("A batch of images")
        self.rows = QProgressBar(maximum=PICTURES * SIDE_PX, value=0)
        page = QVBoxLayout(self)
        grid = QGridLayout()
        page.addLayout(grid)
        self.frames = [QLabel("…", alignment=Qt.AlignmentFlag.AlignCenter) for _ in range(PICTURES)]
        for number, frame in enumerate(self.frames):
            frame.setFixedSize(SIDE_PX, SIDE_PX)
            grid.addWidget(frame, number // COLUMNS, number % COLUMNS)
        page.addWidget(self.rows)
        self.show()

    def ttse__on_start(self) -> None:
        self.missing = PICTURES
        for number in range(PICTURES):
            self.offload(
                look_at,
                number,
                on_result=partial(self.ttse__on_picture, number),
                on_progress=self.ttse__on_rows,
                where="process",
            )

    def ttse__on_rows(self, rows: int) -> None:
        self.rows.setValue(self.rows.value() + rows)

    def ttse__on_picture(self, number: int, points: bytes) -> None:
        image = QImage(points, SIDE_PX, SIDE_PX, 3 * SIDE_PX, QImage.Format.Format_RGB888)
        self.frames[number].setPixmap(QPixmap.fromImage(image))
        self.missing -= 1
        if not self.missing:
            self.log("all pictures are there")


class BatchApp(ttFormula):
    def creating_formula(self) -> dict[str, Any]:
        return {"tasktonic/log/to": "screen", "tasktonic/project/name": "image batch"}

    def creating_main_catalyst(self) -> None:
        ttPyside6Ui(name="ui")

    def creating_starting_tonics(self) -> None:
        Batch(name="batch")


if __name__ == "__main__":
    BatchApp()
