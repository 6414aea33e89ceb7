"""Plots of numbers over time, the only place that knows pyqtgraph.

One `TimePlot` has one or more panes above each other on one axis of time. It follows the present until it is paused; zooming
or dragging pauses it. What is drawn is reduced to the width in pixels first, so that hours cost what seconds cost. The same
numbers stand in a table, for those who cannot see the lines, and can be saved as a picture or as CSV.
"""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from functools import partial
from typing import Any, Final, Protocol

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLayout,
    QSizePolicy,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from tasktonic_studio.ui.plots.numbers import (
    EMPTY,
    SECOND,
    NumbersModel,
    Pane,
    Series,
    csv_of,
    limits,
    number_words,
    rows_of,
)
from tasktonic_studio.ui.plots.thinning import Ints, Values, thin, window
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.theme.icons import Icons
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.tips import plain_tip
from tasktonic_studio.ui.widgets import accessible, figures, save_file
from tasktonic_studio.ui.widgets.picture_file import png_of
from tasktonic_studio.ui.widgets.tail_table import TailTable

_SPANS: Final = (("10 s", 10.0), ("1 min", 60.0), ("5 min", 300.0), ("All", 0.0))
_ZOOM: Final = 1.5
_LEAST_SPAN: Final = 1e-4
_LEAST_PX: Final = 180
_PANE_PX: Final = 64
"""A pane that is lower cannot be read: then there are fewer."""
_TITLED_PX: Final = 100
"""A pane that is lower has no title."""
_YOUNGEST_S: Final = 1.0
_TABLE_ROWS: Final = 5_000


class PlotContext(Protocol):
    """What a plot needs; a `PanelContext` has it."""

    @property
    def theme(self) -> Theme: ...
    @property
    def icons(self) -> Icons: ...


class TimePlot(QWidget):
    """Numbers over time in one or more panes. Owned by the panel that shows it; UI thread.

    The owner calls `show_series` when there is something new (ten times a second is enough) and `retheme` with a new theme.
    """

    saved = Signal(str)
    """A picture or table was: a sentence for people."""
    failed = Signal(str)
    """It could not be: why not."""

    def __init__(self, context: PlotContext, panes: Sequence[Pane], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._theme = context.theme
        self._panes = tuple(panes)
        self._series: list[Series] = [EMPTY] * len(panes)
        self._began_ns = 0
        self._now_ns = 0
        self._span = 60.0
        self._range = (0.0, 60.0)
        self._setting_range = False
        self._subject = ""
        self._summary = ""
        self._has_titles = True
        self._canvas: Any = None
        self._plots: list[Any] = []
        self._curves: list[Any] = []
        self._file = ""
        self._bar_px = 0
        self._saving = save_file.Saving(self)
        self._saving.ended.connect(self._on_saved)
        self.span = QComboBox()
        for title, seconds in _SPANS:
            self.span.addItem(title, seconds)
        self.span.setCurrentIndex(1)
        self.span.setToolTip("How much time is shown while the plot follows")
        accessible.name(self.span, "Span of time")
        self.pause = self._button("hold", "Pause: keep this stretch of time on screen (Space)", checkable=True)
        self.zoom_in = self._button("zoom_in", "Zoom in (+)")
        self.zoom_out = self._button("zoom_out", "Zoom out (-)")
        self.as_table = self._button("table", "Show the numbers as a table (T)", checkable=True)
        self.picture = self._button("picture", "Save as a picture…")
        self.export = self._button("export", "Save the numbers as CSV…")
        self.summary = QLabel()
        self.summary.setProperty("role", "small")
        self.summary.setMinimumWidth(1)
        self.summary.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.numbers = NumbersModel(self._theme, panes)
        self.numbers.setParent(self)
        self.table = TailTable(self.numbers.columns, "new point", "new points")
        self.table.setModel(self.numbers)
        accessible.name(self.table, "Plotted numbers", "One row per point, newest at the bottom")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._build()
        self.span.currentIndexChanged.connect(self._on_span)
        self.pause.toggled.connect(self._draw)
        self.zoom_in.clicked.connect(partial(self.zoom, 1 / _ZOOM))
        self.zoom_out.clicked.connect(partial(self.zoom, _ZOOM))
        self.as_table.toggled.connect(self._on_table)
        self.picture.clicked.connect(self._on_picture)
        self.export.clicked.connect(self._on_export)
        self.retheme()

    def _button(self, icon: str, words: str, *, checkable: bool = False) -> QToolButton:
        button = QToolButton()
        button.setObjectName(icon)
        button.setCheckable(checkable)
        button.setToolTip(words)
        accessible.name(button, words.partition(" (")[0].partition(":")[0].rstrip("…"), words)
        return button

    def _build(self) -> None:
        space = tokens.SMALL_SPACE_PX
        layout = QVBoxLayout(self)
        layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self._bar = bar = QHBoxLayout()
        layout.addLayout(bar)
        bar.setContentsMargins(space, space, space, space)
        bar.setSpacing(space)
        for widget in (self.span, self.pause, self.zoom_in, self.zoom_out, self.as_table, self.picture, self.export):
            bar.addWidget(widget)
        bar.addWidget(self.summary, 1)
        pages = QWidget()
        self._stack = QStackedLayout(pages)
        self._place = QWidget()
        inside = QVBoxLayout(self._place)
        inside.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(self._place)
        self._stack.addWidget(self.table)
        layout.addWidget(pages, 1)

    # ---- for the owner

    @property
    def is_following(self) -> bool:
        """Whether the present is at the right edge."""
        return not self.pause.isChecked()

    @property
    def shown_seconds(self) -> tuple[float, float]:
        """The stretch of time on screen, in seconds since the app began."""
        return self._range

    def show_series(self, subject: str, series: Sequence[Series], began_ns: int, now_ns: int) -> None:
        """Show these numbers, one series per pane. ``subject`` is what they are about, for names of files and readers."""
        if subject != self._subject:
            self._subject = subject
            accessible.name(self, f"Plot of {figures.short(subject, 60)}", "Its numbers: press T for a table")
            if self._canvas is not None:
                self._dress()
        self._series = list(series)
        self._began_ns, self._now_ns = began_ns, now_ns
        if self.isVisible():
            self._draw()

    def zoom(self, factor: float) -> None:
        """Show this many times as much time. While it follows the present stays at the edge."""
        begin, end = self._range
        middle, half = (begin + end) / 2, max((end - begin) * factor / 2, _LEAST_SPAN)
        if self.is_following:
            self._span = 2 * half
            self._draw()
        else:
            self._set_range(middle - half, middle + half)
            self._draw_lines()

    def pan(self, share: float) -> None:
        """Go this share of what is shown to the right; the plot is paused then."""
        begin, end = self._range
        by = (end - begin) * share
        self.pause.setChecked(True)
        self._set_range(begin + by, end + by)
        self._draw_lines()

    def retheme(self) -> None:
        """Take on the theme's fonts and colours."""
        icons = self._context.icons
        for button in (self.pause, self.zoom_in, self.zoom_out, self.as_table, self.picture, self.export):
            button.setIcon(icons.icon(button.objectName()))
        self.table.set_fonts(self._theme.font("ui"), self._theme.font("mono"))
        buttons = (self.pause, self.zoom_in, self.zoom_out, self.as_table, self.picture, self.export)
        widths = [widget.sizeHint().width() for widget in (self.span, *buttons)]
        self._bar_px = sum(widths) + (len(widths) + 2) * tokens.SMALL_SPACE_PX
        if self._canvas is not None:
            self._dress()

    # ---- room

    def minimumSizeHint(self) -> QSize:
        """The controls and one pane; what does not fit beside them, goes: see `resizeEvent`."""
        return QSize(_LEAST_PX, self.span.sizeHint().height() + 2 * tokens.SMALL_SPACE_PX + _PANE_PX // 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # The keys and the wheel zoom as well; pictures and numbers have no other way.
        has_room = event.size().width() >= self._bar_px
        self.zoom_in.setVisible(has_room)
        self.zoom_out.setVisible(has_room)
        self._fit_summary()
        self._fit_panes()
        if self._canvas is not None:
            self._draw_lines()

    # ---- drawing

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        self._make_canvas()
        self._draw()

    def _make_canvas(self) -> None:
        if self._canvas is not None:
            return
        # Imported when somebody wants to see a plot: it would be a tenth of a second of every start.
        import pyqtgraph

        self._canvas = canvas = pyqtgraph.GraphicsLayoutWidget()
        canvas.setFrameShape(pyqtgraph.GraphicsLayoutWidget.Shape.NoFrame)
        canvas.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        canvas.setMinimumSize(60, _PANE_PX // 2)
        for number in range(len(self._panes)):
            plot = canvas.addPlot(row=number, col=0)
            plot.setMenuEnabled(False)
            plot.hideButtons()
            plot.setMouseEnabled(x=True, y=False)
            plot.setClipToView(False)
            curve = pyqtgraph.PlotCurveItem(antialias=False, stepMode="right")
            plot.addItem(curve)
            if self._plots:
                plot.setXLink(self._plots[0])
            plot.getViewBox().sigRangeChangedManually.connect(self._on_dragged)
            self._plots.append(plot)
            self._curves.append(curve)
        self._dress()
        layout = self._place.layout()
        assert layout is not None
        layout.addWidget(canvas)
        self._fit_panes()

    def _fit_panes(self) -> None:
        """Show as many panes as can be read, the first ones; the last of them has the times."""
        room = self.height() - self._bar.sizeHint().height()
        count = max(1, min(len(self._plots), room // _PANE_PX))
        self._has_titles = room // count >= _TITLED_PX
        for number, (pane, plot) in enumerate(zip(self._panes, self._plots, strict=False)):
            plot.setVisible(number < count)
            self._show_title(pane, plot)
            plot.getAxis("bottom").setStyle(showValues=number == count - 1)

    @property
    def panes_shown(self) -> int:
        """How many panes there is room for."""
        return sum(plot.isVisible() for plot in self._plots)

    def _dress(self) -> None:
        import pyqtgraph

        theme = self._theme
        self._canvas.setBackground(theme.color("panel"))
        small = theme.font("ui", 0.85)
        for pane, plot, curve in zip(self._panes, self._plots, self._curves, strict=True):
            curve.setPen(pyqtgraph.mkPen(theme.color(pane.role), width=1.5 if theme.name == "contrast" else 1))
            self._show_title(pane, plot)
            plot.showGrid(x=True, y=True, alpha=0.15)
            for side in ("left", "bottom"):
                axis = plot.getAxis(side)
                axis.setPen(theme.color("border_strong"))
                axis.setTextPen(theme.color("text_muted"))
                axis.setTickFont(small)
            plot.getAxis("left").setWidth(int(4.6 * small.pointSizeF()) + 12)

    def _show_title(self, pane: Pane, plot: Any) -> None:
        """Say above a pane what it is, unless that would leave nothing for the line."""
        # What an app calls its things must not become markup.
        title = html.escape(figures.short(self._title(pane), 80)) if self._has_titles else None
        size = f"{self._theme.font('ui', 0.85).pointSizeF():.1f}pt"
        plot.setTitle(title, color=self._theme.hex("text_muted"), size=size, justify="left")

    def _title(self, pane: Pane) -> str:
        """What stands above a pane: what the plot is about, when there is but one."""
        return self._subject if len(self._panes) == 1 and self._subject else pane.title

    def _draw(self, _paused: bool = False) -> None:
        if self.is_following:
            end = max((self._now_ns - self._began_ns) / SECOND, 0.0)
            # What is younger than the span fills the plot: an empty half would say nothing.
            begin = min(self._first_second(), end - _YOUNGEST_S)
            begin = max(begin, end - self._span) if self._span else begin
            self._set_range(begin, max(end, begin + _LEAST_SPAN))
        self._draw_lines()

    def _first_second(self) -> float:
        firsts = [int(series.times_ns[0]) for series in self._series if len(series.times_ns)]
        return (min(firsts) - self._began_ns) / SECOND if firsts else 0.0

    def _set_range(self, begin: float, end: float) -> None:
        self._range = (begin, end)
        if self._plots:
            self._setting_range = True
            self._plots[0].setXRange(begin, end, padding=0)
            self._setting_range = False

    def _draw_lines(self) -> None:
        if self.as_table.isChecked():
            self._show_table()
        for number, pane in enumerate(self._panes):
            times, values = self._visible(number)
            if number == 0:
                self._summarise(values)
            if self._canvas is None:
                continue
            plot, curve = self._plots[number], self._curves[number]
            times, values = thin(times, values, max(int(plot.getViewBox().width()), 50))
            seconds = (times - self._began_ns) / SECOND
            if len(times) and self._now_ns > int(times[-1]):
                # What was said last still holds.
                seconds = np.append(seconds, (self._now_ns - self._began_ns) / SECOND)
                values = np.append(values, values[-1])
            curve.setData(seconds, values.astype(np.float64), skipFiniteCheck=True)
            plot.setYRange(*limits(pane, values), padding=0.04)

    def _visible(self, number: int) -> tuple[Ints, Values]:
        series = self._series[number]
        begin, end = (self._began_ns + round(second * SECOND) for second in self._range)
        part = window(series.times_ns, begin, end)
        return series.times_ns[part], series.values[part]

    def _summarise(self, values: Values) -> None:
        if len(values):
            text = f"now {number_words(values[-1])} · least {number_words(values.min())} · most {number_words(values.max())}"
        else:
            text = "nothing in this stretch of time"
        self._summary = text
        self.summary.setToolTip(plain_tip(f"{self._panes[0].title}: {text}"))
        self.summary.setAccessibleName(text)
        self._fit_summary()

    def _fit_summary(self) -> None:
        """As many of its figures as there is room for, none by halves."""
        text, room, metrics = self._summary, self.summary.contentsRect().width(), self.summary.fontMetrics()
        while text and metrics.horizontalAdvance(text) > room:
            text = text.rpartition(" · ")[0]
        if text != self.summary.text():
            self.summary.setText(text)

    # ---- the table twin and files

    def rows(self) -> list[tuple[str, ...]]:
        """Time and values of the stretch on screen, as text; a point of the first pane each."""
        return list(rows_of(self._shown(), self._began_ns))

    def _shown(self) -> list[Series]:
        """The first pane's points on screen, and all of the others: what a row needs."""
        return [Series(*self._visible(0)), *self._series[1:]]

    def _show_table(self) -> None:
        shown = self._shown()
        last = Series(*(column[-_TABLE_ROWS:] for column in shown[0]))
        rows = list(rows_of([last, *shown[1:]], self._began_ns))
        if rows != self.numbers.rows:
            top = self.table.top_row()
            self.numbers.show(rows)
            self.table.rows_replaced(top)

    def _on_table(self, is_table: bool) -> None:
        self._stack.setCurrentWidget(self.table if is_table else self._place)
        self._draw_lines()

    def _on_picture(self) -> None:
        file = save_file.file_to_save(self, "Save the plot", f"{self._file_name()}.png", "Pictures (*.png)")
        if file:
            shown = self.table if self.as_table.isChecked() else self._place
            problem = save_file.write_whole(file, png_of(shown.grab().toImage()))
            self._tell(problem, file)

    def _on_export(self) -> None:
        file = save_file.file_to_save(self, "Save the numbers", f"{self._file_name()}.csv", "Tables (*.csv)")
        if not file:
            return
        self._file = file
        titles = [self._title(pane) for pane in self._panes]
        self._saving.start(file, partial(csv_of, titles, self._shown(), self._began_ns))

    def _on_saved(self, problem: str) -> None:
        self._tell(problem, self._file)

    def _tell(self, problem: str, file: str) -> None:
        if problem:
            self.failed.emit(problem)
        else:
            self.saved.emit(f"Saved {file}.")

    def finish(self) -> None:
        """Let go of what costs: the window closes."""
        self._saving.finish()
        if self._canvas is not None:
            self._canvas.close()

    def _file_name(self) -> str:
        kept = "".join(sign if sign.isalnum() else "_" for sign in self._subject)
        return kept.strip("_")[:60] or "plot"

    # ---- what the user does

    def _on_span(self, index: int) -> None:
        self._span = float(self.span.itemData(index))
        self.pause.setChecked(False)
        self._draw()

    def _on_dragged(self, _axes: Any) -> None:
        """The mouse zoomed or dragged: stay there."""
        begin, end = self._plots[0].getViewBox().viewRange()[0]
        if not self._setting_range and math.isfinite(begin) and math.isfinite(end):
            self._range = (float(begin), float(end))
            self.pause.setChecked(True)
            self._draw_lines()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(1 / _ZOOM)
        elif key == Qt.Key.Key_Minus:
            self.zoom(_ZOOM)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.pan(-0.25 if key == Qt.Key.Key_Left else 0.25)
        elif key == Qt.Key.Key_Space:
            self.pause.toggle()
        elif key == Qt.Key.Key_T:
            self.as_table.toggle()
        else:
            super().keyPressEvent(event)
