"""What stands below the table of catalysts: the queue, the plot, the stack and the last error of the chosen one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QPlainTextEdit,
    QTabBar,
    QTabWidget,
)

from tasktonic.protocol.messages import NextOrders
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.queues import busy_shares
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.guard import guarded
from tasktonic_studio.ui.panels.catalysts import stack
from tasktonic_studio.ui.panels.catalysts.queue_page import QueuePage
from tasktonic_studio.ui.plots.numbers import Pane, Series
from tasktonic_studio.ui.plots.time_plot import TimePlot
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.widgets import accessible, figures
from tasktonic_studio.ui.widgets.more_tabs import stand_closer
from tasktonic_studio.ui.widgets.spoken_page import SpokenPage
from tasktonic_studio.ui.widgets.tail_table import TailTable

if TYPE_CHECKING:
    from tasktonic_studio.ui.panel import PanelContext

_TITLES: Final = (("Queue", "Queue"), ("Over time", "Time"), ("Stack", "Stack"), ("Last error", "Error"))
"""What the tabs say, and what they say in a narrow place."""


class StackPage(SpokenPage):
    """Where the catalyst is in the source. Asks for it, while it can be seen; made by `Below`."""

    wanted = Signal()
    """The stack is to be asked for."""

    def __init__(self, context: PanelContext) -> None:
        self._context = context
        self.model = stack.StackModel(context.theme)
        self.table = TailTable(stack.COLUMNS, "call", "calls")
        self.table.setModel(self.model)
        accessible.name(self.table, "Stack", "The calls of the catalyst's thread, the one that runs at the bottom")
        super().__init__(
            self.table,
            "Look now",
            "Ask where in the source the catalyst is at this moment",
            "Look where the catalyst is",
        )
        self.model.setParent(self)
        self.ask = self.button
        self.ask.clicked.connect(self.wanted)
        self.table.opened.connect(self._on_opened)
        self.table.copied.connect(self._on_copied)

    def show_stack(self, known: Knowledge, catalyst: int, *, can_ask: bool) -> None:
        """Show what was answered last."""
        self.ask.setVisible(can_ask)
        answer = known.stacks.get(catalyst)
        if self.model.show(answer):
            self.table.rows_replaced(0)
        if answer is None:
            text = "Not asked yet." if can_ask else "It was not asked where this catalyst was."
            if known.target.is_alive and "stack" not in known.target.capabilities:
                text = "The probe of this app cannot tell: it is older than this Studio."
        elif answer.problem:
            text = answer.problem
        else:
            when = figures.moment(answer.t_ns, known.app.began_ns)
            text = f"The calls of its thread at {when}, the one that runs at the bottom."
        self.words.setText(text)

    def retheme(self) -> None:
        """Take on the theme's fonts and colours."""
        self.table.set_fonts(self._context.theme.font("ui"), self._context.theme.font("mono"))

    def _on_opened(self, index: QModelIndex) -> None:
        place = self.model.place_at(index.row())
        if place is not None:
            self._context.selection.select(Thing("place", (place.file, place.line)))
            self._context.run("selection.go_to_source")

    def _on_copied(self) -> None:
        QGuiApplication.clipboard().setText(self.model.text)


class ErrorPage(SpokenPage):
    """The last error of one of the catalyst's tonics, with its traceback. Made by `Below`."""

    def __init__(self, context: PanelContext) -> None:
        self._context = context
        self._line = -1
        self.traceback = QPlainTextEdit()
        self.traceback.setReadOnly(True)
        self.traceback.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.traceback.setTabChangesFocus(True)
        self.traceback.setMinimumHeight(2 * tokens.ROW_HEIGHT_PX)
        accessible.name(self.traceback, "Traceback")
        super().__init__(
            self.traceback,
            "Select it",
            "Select the line of the log that tells of it, in all panels",
            "Select the error",
        )
        self.show_line = self.button
        self.show_line.clicked.connect(self._on_show)

    def show_error(self, known: Knowledge, line: int) -> None:
        """Show a line of the log; -1 when there was no error."""
        self._line = line if known.log.first <= line < len(known.log) else -1
        self.show_line.setVisible(self._line >= 0)
        if self._line < 0:
            self.words.setText(
                "None of its tonics has raised an error." if line < 0 else "The error was forgotten since."
            )
            self._set_text("")
            return
        error = known.log[line]
        ended = f" The app ended: {known.app.problem}." if known.app.problem else ""
        when = figures.moment(error.t_ns, known.app.began_ns)
        self.words.setText(f"{when}, in {figures.short(error.name)}: {figures.short(error.text, 300)}{ended}")
        self._set_text(error.detail)

    def _set_text(self, text: str) -> None:
        if text != self.traceback.toPlainText():
            self.traceback.setPlainText(text)

    def retheme(self) -> None:
        """Take on the theme's fonts and colours."""
        self.traceback.setFont(self._context.theme.font("mono"))

    def _on_show(self) -> None:
        if self._line >= 0:
            self._context.selection.select(Thing("log", self._line))


class _Tabs(QTabBar):
    """Tabs that know how much room their words need."""

    def needed_px(self) -> int:
        words = sum(self.fontMetrics().horizontalAdvance(self.tabText(number)) for number in range(self.count()))
        return words + self.count() * 2 * tokens.TAB_PADDING_PX


class Below(QTabWidget):
    """Queue, plot, stack and last error of one catalyst. Made by the panel's view; works only for the page in front."""

    def __init__(self, context: PanelContext) -> None:
        super().__init__()
        self.setDocumentMode(True)
        self.queue = QueuePage(context)
        self.plot = TimePlot(
            context, (Pane("Waiting orders", "waiting", from_zero=True), Pane("Busy, in percent", top=100))
        )
        self.stack = StackPage(context)
        self.error = ErrorPage(context)
        self._has_failed = False
        self._tabs = _Tabs()
        self.setTabBar(self._tabs)
        for page, (title, _) in zip((self.queue, self.plot, self.stack, self.error), _TITLES, strict=True):
            self.addTab(page, title)
        accessible.name(self.tabBar(), "About the chosen catalyst", "Queue, over time, stack, last error")
        self.retheme()

    def show_catalyst(self, known: Knowledge, catalyst: int, *, can_ask: bool, told: NextOrders | None = None) -> None:
        """Bring the page in front up to date, and the words on the tabs; ``told``: what the app told of its queue."""
        facts = known.catalysts.get(catalyst)
        page = self.currentWidget()
        if page is self.queue:
            self.queue.show_queue(known, catalyst, told)
        elif page is self.plot:
            self.show_plot(known, catalyst)
        elif page is self.stack:
            self.stack.show_stack(known, catalyst, can_ask=can_ask)
        else:
            self.error.show_error(known, facts.failed_line if facts is not None else -1)
        has_failed = facts is not None and facts.failed_line >= 0
        if has_failed != self._has_failed:
            self._has_failed = has_failed
            self._name_tabs()

    @guarded(None)
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._name_tabs()

    def _name_tabs(self) -> None:
        """Words on the tabs that there is room for."""
        for short in (0, 1):
            for number, titles in enumerate(_TITLES):
                mark = "● " if self._has_failed and self.widget(number) is self.error else ""
                if self.tabText(number) != mark + titles[short]:
                    self.setTabText(number, mark + titles[short])
                    self.setTabToolTip(number, titles[0] if short else "")
            if self._tabs.needed_px() <= self.width():
                break
        stand_closer(self._tabs, self.width())

    def show_plot(self, known: Knowledge, catalyst: int) -> None:
        """Draw depth and busy share; the owner asks ten times a second while the plot is in front."""
        series = beat_series(known, catalyst)
        name = known.essences.name(catalyst)
        self.plot.show_series(name, series, known.app.began_ns, known.t_ns)

    def retheme(self) -> None:
        """Take on the theme's fonts and colours."""
        for page in (self.queue, self.plot, self.stack, self.error):
            page.retheme()
        self._name_tabs()


def beat_series(known: Knowledge, catalyst: int) -> list[Series]:
    """Depth and busy share (0 to 100) of a catalyst from its first beat on."""
    beats = known.depths.since(known.app.first_n)
    mine = beats["catalyst"] == catalyst
    # A clock that jumps must not make the plot lose its place.
    times: Any = np.maximum.accumulate(beats["t_ns"][mine])
    at, shares = busy_shares(times, beats["busy_ns"][mine])
    return [Series(times, beats["depth"][mine]), Series(at, shares * 100)]
