"""Plots of numbers over time: follow, pause, zoom, the table twin, files. By mouse and keys on a real canvas."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.plots.numbers import Pane, Series
from tasktonic_studio.ui.plots.time_plot import TimePlot
from tasktonic_studio.ui.theme.icons import Icons
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.widgets import save_file

SECOND = 1_000_000_000
BEGAN = 5 * SECOND
PANES = (Pane("Depth in orders", from_zero=True), Pane("Busy in percent", top=100))


class Context:
    """What a plot asks of a panel's context."""

    def __init__(self) -> None:
        self.theme = Theme("dark")
        self.icons = Icons(self.theme)


def numbers(seconds: int) -> list[Series]:
    """A depth and a share for every second so far."""
    times = BEGAN + np.arange(seconds, dtype=np.int64) * SECOND
    return [Series(times, np.arange(seconds) % 40), Series(times[1:], np.full(max(seconds - 1, 0), 50.0))]


def shown(plot: TimePlot) -> tuple[float, float]:
    return plot.shown_seconds


def follows(plot: TimePlot) -> bool:
    return plot.is_following


@pytest.fixture
def plot(qtbot: QtBot) -> TimePlot:
    made = TimePlot(Context(), PANES)
    qtbot.addWidget(made)
    made.resize(500, 300)
    made.show()
    qtbot.waitExposed(made)
    made.show_series("main", numbers(100), BEGAN, BEGAN + 99 * SECOND)
    return made


def test_a_plot_shows_the_last_minute_and_goes_on_with_time(plot: TimePlot) -> None:
    assert shown(plot) == (39, 99)

    plot.show_series("main", numbers(200), BEGAN, BEGAN + 199 * SECOND)

    assert shown(plot) == (139, 199)


def test_what_is_younger_than_the_span_fills_the_plot(plot: TimePlot) -> None:
    plot.show_series("main", numbers(5), BEGAN, BEGAN + 4 * SECOND)

    assert shown(plot) == (0, 4)


def test_the_line_on_the_canvas_is_that_of_the_numbers(plot: TimePlot) -> None:
    seconds, depths = plot._curves[0].getData()

    assert seconds[-2:].tolist() == [98, 99]
    assert depths[-2:].tolist() == [98 % 40, 99 % 40]


def test_space_pauses_and_goes_on(plot: TimePlot, qtbot: QtBot) -> None:
    plot.setFocus()
    qtbot.keyClick(plot, Qt.Key.Key_Space)
    plot.show_series("main", numbers(200), BEGAN, BEGAN + 199 * SECOND)

    assert shown(plot) == (39, 99)

    qtbot.keyClick(plot, Qt.Key.Key_Space)

    assert shown(plot) == (139, 199)


def test_the_keys_zoom_and_pan(plot: TimePlot, qtbot: QtBot) -> None:
    qtbot.keyClick(plot, Qt.Key.Key_Plus)
    assert shown(plot) == (59, 99)
    assert follows(plot)

    qtbot.keyClick(plot, Qt.Key.Key_Left)
    assert shown(plot) == (49, 89)
    assert not follows(plot)

    qtbot.keyClick(plot, Qt.Key.Key_Minus)
    assert shown(plot) == (39, 99)


def test_the_wheel_zooms_and_pauses(plot: TimePlot, qtbot: QtBot) -> None:
    viewport = plot._canvas.viewport()
    at = QPointF(viewport.rect().center()) - QPointF(0, 60)
    none, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
    wheel = QWheelEvent(
        at, viewport.mapToGlobal(at), QPoint(), QPoint(0, 240), none, Qt.KeyboardModifier.NoModifier, phase, False
    )

    QApplication.sendEvent(viewport, wheel)

    begin, end = shown(plot)
    assert 39 < begin < end < 99
    assert not follows(plot)


def test_a_span_is_chosen(plot: TimePlot) -> None:
    plot.span.setCurrentIndex(plot.span.findText("All"))

    assert shown(plot) == (0, 99)


def test_the_table_has_the_numbers_of_the_stretch_that_is_shown(plot: TimePlot, qtbot: QtBot) -> None:
    plot.span.setCurrentIndex(plot.span.findText("10 s"))

    qtbot.keyClick(plot, Qt.Key.Key_T)

    assert plot.table.isVisible()
    assert plot.numbers.rows[-1] == ("99.000000", "19", "50")
    assert plot.numbers.rows[0][0] == "88.000000"


@pytest.mark.parametrize("width, words", [(700, "now 19 · least 0 · most 39"), (330, "now 19"), (200, "")])
def test_the_summary_has_as_many_figures_as_fit(plot: TimePlot, qtbot: QtBot, width: int, words: str) -> None:
    plot.resize(width, 300)
    QApplication.processEvents()

    text = plot.summary.text()
    assert words.startswith(text) or text.startswith(words)
    assert plot.summary.fontMetrics().horizontalAdvance(text) <= plot.summary.width()
    assert not text or text.split(" · ") == ["now 19", "least 0", "most 39"][: text.count(" · ") + 1]
    assert plot.summary.toolTip().endswith("now 19 · least 0 · most 39")


@pytest.mark.parametrize("height, panes", [(300, 2), (140, 1), (90, 1)])
def test_a_low_plot_has_fewer_panes_that_can_be_read(plot: TimePlot, height: int, panes: int) -> None:
    plot.resize(500, height)
    QApplication.processEvents()

    assert plot.panes_shown == panes
    assert plot._plots[0].getViewBox().height() >= 20


def test_the_summary_says_it_in_words(plot: TimePlot) -> None:
    assert plot.summary.text() == "now 19 · least 0 · most 39"


def test_without_numbers_the_plot_says_so(plot: TimePlot) -> None:
    plot.show_series("main", [Series(np.empty(0, np.int64), np.empty(0))] * 2, BEGAN, BEGAN)

    assert plot.summary.text() == "nothing in this stretch of time"


def test_the_numbers_are_saved_as_csv(
    plot: TimePlot, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "out.csv"
    asked: list[str] = []

    def answer(_parent: object, _title: str, name: str, _kinds: str) -> str:
        asked.append(name)
        return str(file)

    monkeypatch.setattr(save_file, "file_to_save", answer)
    plot.span.setCurrentIndex(plot.span.findText("10 s"))

    with qtbot.waitSignal(plot.saved) as told:
        qtbot.mouseClick(plot.export, Qt.MouseButton.LeftButton)

    lines = file.read_text().splitlines()
    assert asked == ["main.csv"]
    assert told.args == [f"Saved {file}."]
    assert lines[0] == "seconds,Depth in orders,Busy in percent"
    assert lines[-1] == "99.000000,19,50"


def test_saved_numbers_have_all_digits_and_say_what_they_are(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "out.csv"
    monkeypatch.setattr(save_file, "file_to_save", lambda *_: str(file))
    plot = TimePlot(Context(), [Pane("Value")])
    qtbot.addWidget(plot)
    times = BEGAN + np.arange(4, dtype=np.int64) * SECOND
    values = np.array([123456789.25, 0.1 + 0.2, 2.0**60, np.nan])
    plot.show_series("tank/level", [Series(times, values)], BEGAN, BEGAN + 5 * SECOND)

    with qtbot.waitSignal(plot.saved):
        plot.export.click()

    plot.finish()
    assert file.read_text().splitlines() == [
        "seconds,tank/level",
        "0.000000,123456789.25",
        "1.000000,0.30000000000000004",
        f"2.000000,{2**60}",
        "3.000000,",
    ]


def test_a_picture_is_saved(plot: TimePlot, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "out.png"
    monkeypatch.setattr(save_file, "file_to_save", lambda *_: str(file))

    qtbot.mouseClick(plot.picture, Qt.MouseButton.LeftButton)

    assert QImage(str(file)).width() > 300


def test_a_file_that_cannot_be_written_is_told_in_a_sentence(
    plot: TimePlot, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "no such folder" / "out.csv"
    monkeypatch.setattr(save_file, "file_to_save", lambda *_: str(file))

    with qtbot.waitSignal(plot.failed) as told:
        qtbot.mouseClick(plot.export, Qt.MouseButton.LeftButton)

    assert told.args == [f"{file} could not be written: No such file or directory. Choose another place."]


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_a_plot_takes_on_a_theme(plot: TimePlot, theme: str) -> None:
    plot._context.theme.choose(theme)
    plot.retheme()

    assert plot._canvas.backgroundBrush().color() == plot._context.theme.color("panel")


def test_a_hidden_plot_draws_when_it_is_shown(plot: TimePlot, qtbot: QtBot) -> None:
    plot.hide()
    plot.show_series("main", numbers(200), BEGAN, BEGAN + 199 * SECOND)
    assert shown(plot) == (39, 99)

    plot.show()

    assert shown(plot) == (139, 199)


def test_a_plot_of_one_thing_says_of_what_whatever_it_is_called(qtbot: QtBot) -> None:
    plot = TimePlot(Context(), (Pane("Value"),))
    qtbot.addWidget(plot)
    plot.show()

    plot.show_series("<b>level</b>", numbers(10)[:1], BEGAN, BEGAN + 9 * SECOND)

    assert plot._plots[0].titleLabel.item.toPlainText() == "<b>level</b>"
    assert plot.accessibleName() == "Plot of <b>level</b>"


def test_a_narrow_plot_keeps_the_buttons_that_nothing_replaces(plot: TimePlot) -> None:
    assert plot.zoom_in.isVisible()

    plot.resize(190, 200)

    assert not plot.zoom_in.isVisible()
    assert plot.export.isVisible()
    assert plot.minimumSizeHint().width() <= 190
