"""The status strip: target, state, rate, cost, losses, catalysts, and whether what one sees is live."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.queues import CatalystFacts
from tasktonic_studio.session.record_limits import counts_now
from tasktonic_studio.session.target import TargetFacts
from tasktonic_studio.ui.recording_sign import RecordingSign
from tasktonic_studio.ui.status_words import (
    ago_words,
    catalyst_state,
    catalyst_words,
    cost_words,
    hang_words,
    loss_words,
    rate_words,
    state_shape,
    state_words,
    target_name,
)
from tasktonic_studio.ui.tips import plain_tip
from tasktonic_studio.ui.widgets.looks import repolish

PILL_PADDING_PX: Final = 26
"""Beside the words of the pill. It keeps its width for any usual lag: the strip would jump with every figure."""

MARK_PX: Final = 220
"""So wide the note of a marked moment may be; its tool tip has all of it."""

CREDIBLE_LAG_NS: Final = 60_000_000_000
"""A lag of more than this means that the two clocks are not the same one; then none is shown."""

_LEAST_STATE_PX: Final = 20
"""Of a state there is no room for a dot is left; its tool tip has the words."""
_SHORT_STATE: Final = "nothing is watched"
"""A state no longer than this is never cut."""


class RateMeter:
    """Events per second over about the last second and a half, from their running number."""

    _WINDOW_S: Final = 1.5

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._seen: deque[tuple[float, int]] = deque(maxlen=256)

    def note(self, n: int) -> float:
        """Say how many events there are by now; the rate is returned. A number that falls begins anew."""
        now = self._now()
        if self._seen and n < self._seen[-1][1]:
            self._seen.clear()
        self._seen.append((now, n))
        while len(self._seen) > 2 and self._seen[1][0] <= now - self._WINDOW_S:
            self._seen.popleft()
        first = self._seen[0]
        passed = now - first[0]
        return (n - first[1]) / passed if passed > 0.05 else 0.0


class CatalystPills(QWidget):
    """One pill per catalyst, as many as there is room for; the rest as a number."""

    chosen = Signal(int)
    """The id of the catalyst whose pill was pressed."""
    menu_wanted = Signal(int, QPoint)
    """What can be done to a catalyst is wanted, at a point of the screen."""

    _GAP_PX: Final = 4

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pills: dict[int, QPushButton] = {}
        self._more = QLabel(self)
        self._more.setProperty("role", "small")
        self._more.hide()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Catalysts")

    @property
    def words(self) -> list[str]:
        """What the pills say, hidden ones too, in order."""
        return [pill.text() for pill in self._pills.values()]

    def show_catalysts(self, known: Knowledge, target: TargetFacts) -> None:
        """Say how the catalysts are, of an app that is so."""
        facts = sorted(known.catalysts.values(), key=lambda catalyst: catalyst.id)
        changed = [catalyst.id for catalyst in facts] != list(self._pills)
        if changed:
            for pill in self._pills.values():
                pill.deleteLater()
            self._pills = {catalyst.id: self._make(catalyst.id) for catalyst in facts}
        for catalyst in facts:
            pill = self._pills[catalyst.id]
            words = catalyst_words(catalyst, target)
            if pill.text() != words:
                changed = changed or len(pill.text()) != len(words)
                pill.setText(words)
                pill.setAccessibleName(f"Catalyst {catalyst.name}, {catalyst.depth} orders wait")
                pill.setToolTip(plain_tip(_catalyst_tip(catalyst, known)))
            state = catalyst_state(catalyst, target)
            if pill.property("state") != state:
                pill.setProperty("state", state)
                pill.style().unpolish(pill)
                pill.style().polish(pill)
                changed = True
        if changed:
            self._place()

    def sizeHint(self) -> QSize:
        return QSize(120, self.fontMetrics().height() + 8)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.fontMetrics().height() + 8)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _make(self, catalyst_id: int) -> QPushButton:
        pill = QPushButton(self)
        pill.setObjectName("catalyst_pill")
        pill.setProperty("catalyst", catalyst_id)
        pill.clicked.connect(self._on_clicked)
        pill.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        pill.customContextMenuRequested.connect(self._on_menu)
        return pill

    def _on_clicked(self) -> None:
        self.chosen.emit(self.sender().property("catalyst"))

    def _on_menu(self, at: QPoint) -> None:
        pill = self.sender()
        if isinstance(pill, QPushButton):
            self.menu_wanted.emit(pill.property("catalyst"), pill.mapToGlobal(at))

    @property
    def least_px(self) -> int:
        """The room for the first pill and for the number of the others."""
        first = next(iter(self._pills.values()), None)
        more = self._more_px if len(self._pills) > 1 else 0
        return 0 if first is None else first.sizeHint().width() + self._GAP_PX + more

    @property
    def _more_px(self) -> int:
        return max(44, self.fontMetrics().horizontalAdvance("+999") + 2 * self._GAP_PX)

    def _place(self) -> None:
        """From the right, where the eye rests on the LIVE pill beside it."""
        pills = list(self._pills.values())
        widths = [pill.sizeHint().width() for pill in pills]
        room, more = self.width(), self._more_px
        shown = len(pills)
        while shown and sum(widths[:shown]) + shown * self._GAP_PX + (more if shown < len(pills) else 0) > room:
            shown -= 1
        left = room - sum(widths[:shown]) - shown * self._GAP_PX - (more if shown < len(pills) else 0)
        for index, pill in enumerate(pills):
            pill.setVisible(index < shown)
            if index < shown:
                height = pill.sizeHint().height()
                pill.setGeometry(left, (self.height() - height) // 2, widths[index], height)
                left += widths[index] + self._GAP_PX
        hidden = len(pills) - shown
        self._more.setVisible(bool(hidden) and room >= more)
        self._more.setText(f"+{hidden}")
        self._more.setToolTip(plain_tip(", ".join(pill.text() for pill in pills[shown:])))
        self._more.setGeometry(left + self._GAP_PX, 0, more - self._GAP_PX, self.height())


def _catalyst_tip(catalyst: CatalystFacts, known: Knowledge) -> str:
    if not catalyst.alive:
        return f"{catalyst.name} turns no more."
    pace = f"{catalyst.rate:.0f} sparkles/s, busy {catalyst.busy_share:.0%}"
    if not counts_now(known):
        pace = "how busy it is cannot be told while runs are left out"
    lines = [
        f"{catalyst.name}, turned by {catalyst.driver or 'its driver'} in thread {catalyst.thread or '?'}",
        f"{catalyst.depth} orders wait, {pace}",
    ]
    if catalyst.held:
        lines.append("Held before its next order; its timers stand still.")
    elif catalyst.hold_asked_ns:
        lines.append("It is to hold, as soon as what runs now has ended.")
    inside_ns = catalyst.inside_for_ns(known.t_ns)
    if inside_ns > 100_000_000:
        inside = known.essences.name(catalyst.inside)
        lines.append(f"Inside {inside} · {known.names.sparkle(catalyst.inside_sparkle)} for {ago_words(inside_ns)}")
    return "\n".join(lines)


class StatusStrip(QFrame):
    """The strip at the foot of the window. Owned by the workbench, which tells it what is known.

    End goes live while the strip has the focus; so does the pill.
    """

    go_live = Signal()
    catalyst_chosen = Signal(int)
    catalyst_menu_wanted = Signal(int, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("status_strip")
        self.setAccessibleName("Status of the watched app")
        self._meter = RateMeter()
        self._lag_ns = -1
        self._shape = QLabel()
        self._name = QLabel()
        self._name.setProperty("role", "strong")
        self._state = QLabel()
        self._process = QLabel()
        self._rate = QLabel()
        self._cost = QLabel()
        self._loss = QLabel()
        self.recording = RecordingSign()
        self._note = ""
        """Of the mark at the shown moment."""
        self._mark = QLabel()
        self._mark.setMaximumWidth(MARK_PX)
        self._mark.hide()
        self._pills = CatalystPills()
        self._pills.chosen.connect(self.catalyst_chosen)
        self._pills.menu_wanted.connect(self.catalyst_menu_wanted)
        self._pill = QPushButton()
        self._pill.setObjectName("pill")
        self._pill.clicked.connect(self.go_live)
        self._rate.setToolTip("Events per second that arrive from the app")
        self._cost.setToolTip("What being watched costs the app, in percent of the time its catalysts are busy")
        for label in (self._process, self._rate, self._cost, self._loss):
            label.setProperty("role", "small")
        # The state may be a long sentence: it gives way first, and its tool tip has all of it.
        self._state.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._full_state = ""
        self._row = layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 3, 8, 3)
        layout.setSpacing(10)
        layout.addWidget(self._shape)
        layout.addWidget(self._name)
        layout.addWidget(self._state, 3)
        for label in (self._process, self._rate, self._cost, self._loss):
            layout.addWidget(label)
        layout.addWidget(self.recording)
        layout.addWidget(self._pills, 4)
        layout.addWidget(self._mark)
        layout.addWidget(self._pill)
        self.setMinimumHeight(32)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    @property
    def texts(self) -> dict[str, str]:
        """What the strip says, by part; for tests and for a screen reader."""
        return {
            "shape": self._shape.text(),
            "name": self._name.text(),
            "state": self._full_state,
            "process": self._process.text(),
            "rate": self._rate.text(),
            "cost": self._cost.text(),
            "loss": self._loss.text(),
            "mark": self._note,
            "recording": self.recording.words,
            "catalysts": " | ".join(self._pills.words),
            "pill": self._pill.text(),
        }

    def note_arrival(self, known: Knowledge, now_ns: int) -> None:
        """A frame has brought something: count it, and measure how late it was."""
        self._meter.note(known.n)
        lag = now_ns - known.t_ns
        self._lag_ns = lag if known.t_ns and 0 <= lag < CREDIBLE_LAG_NS else -1

    def show_known(self, live: Knowledge, shown: Knowledge, *, is_live: bool) -> None:
        """Say how everything is.

        Args:
            live: what is known now; target, rate, cost and losses are always those of now.
            shown: what is known at the moment that is shown; catalysts are those of then.
            is_live: whether the two are the same.
        """
        target = live.target
        nothing = target.status == "none"
        shape, role = state_shape(target)
        self._shape.setText(shape)
        repolish(self._shape, "role", role)
        self._name.setText(target_name(target))
        self._sign_held(target.status == "held")
        self._full_state = (hang_words(shown) if target.status == "running" else "") or state_words(target)
        process = [
            f"pid {target.pid}" if target.pid else "",
            f"Python {target.python.split()[0]}" if target.python else "",
        ]
        self._process.setText(" · ".join(part for part in process if part))
        self._rate.setText(rate_words(self._meter.note(live.n)) if target.is_alive else "")
        self._cost.setText(cost_words(target) if target.is_alive else "")
        self._loss.setText("" if nothing else loss_words(target))
        repolish(self._loss, "role", "warning" if target.lost else "small")
        self._pills.show_catalysts(shown, shown.target)
        command = " ".join([target.script, *target.arguments])
        self._name.setToolTip(plain_tip("\n".join(filter(None, (command, self._process.text())))))
        self._show_pill(live, shown, is_live=is_live)
        self._make_room()
        self._elide()

    def _sign_held(self, held: bool) -> None:
        """The whole strip says that nothing runs."""
        sign = "true" if held else "false"
        if self.property("held") != sign:
            self.setProperty("held", sign)
            self.style().unpolish(self)
            self.style().polish(self)

    def show_mark(self, note: str) -> None:
        """Say that the shown moment is marked, and why; empty when it is not."""
        metrics = self._mark.fontMetrics()
        words = metrics.elidedText(f"⚑ {note}", Qt.TextElideMode.ElideRight, MARK_PX)
        self._mark.setText(words)
        self._mark.setMinimumWidth(metrics.horizontalAdvance(words))
        self._note = note
        self._mark.setToolTip(plain_tip(note))
        self._mark.setVisible(bool(note))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()
        self._elide()

    @property
    def _state_px(self) -> int:
        """The least room for the state: a word or two are always there, a sentence gives way to all else."""
        metrics = self._state.fontMetrics()
        wanted = metrics.horizontalAdvance(self._full_state)
        return wanted if wanted <= metrics.horizontalAdvance(_SHORT_STATE) else _LEAST_STATE_PX

    def _make_room(self) -> None:
        """Leave out what matters least at the foot of a narrow window, until a catalyst can be seen.

        What the process is stands also in the tool tip of its name. A long state gives way to the catalysts.
        """
        layout = self._row
        margins, gap = layout.contentsMargins(), layout.spacing()
        always = (self._shape, self._name, self._loss, self.recording, self._mark, self._pill)
        shown = [max(it.sizeHint().width(), it.minimumWidth()) for it in always if not it.isHidden()]
        # Between them, and around the state and the catalysts, is a gap.
        room = self.width() - margins.left() - margins.right() - sum(shown) - gap * (len(shown) + 1)
        state = self._state_px
        self._state.setMinimumWidth(state)
        room -= state + min(self._pills.least_px, self.width() // 3)
        for label, wanted in (
            (self._rate, True),
            (self._cost, self.width() >= 1000 or not self.recording.words),
            (self._process, self.width() >= 1100),
        ):
            needed = label.sizeHint().width() + gap
            fits = wanted and needed <= room
            label.setVisible(fits)
            room -= needed if fits else 0
        self._state.setMaximumWidth(state + max(0, room))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_End:
            self.go_live.emit()
        else:
            super().keyPressEvent(event)

    def _show_pill(self, live: Knowledge, shown: Knowledge, *, is_live: bool) -> None:
        alive = live.target.is_alive
        if is_live:
            if not alive:
                words, state = ("NOT LIVE" if live.target.status != "none" else "IDLE"), ""
            else:
                words, state = ("LIVE" if self._lag_ns < 0 else f"LIVE · {ago_words(self._lag_ns)}"), "live"
            tip = "What you see is what is known now."
        else:
            words = f"{ago_words(max(0, live.t_ns - shown.t_ns))} ago"
            state = "past"
            tip = "You look at the past; nothing moves. Press to go back to live (Alt+End)."
        self._pill.setText(words)
        self._pill.setToolTip(tip)
        self._pill.setAccessibleName(words)
        self._pill.setAccessibleDescription(tip)
        width = self._pill.fontMetrics().horizontalAdvance("LIVE · 888 ms") + PILL_PADDING_PX
        if self._pill.minimumWidth() != width:
            self._pill.setMinimumWidth(width)
        if self._pill.property("state") != state:
            self._pill.setProperty("state", state)
            self.setProperty("past", "true" if state == "past" else "false")
            for widget in (self._pill, self):
                widget.style().unpolish(widget)
                widget.style().polish(widget)

    def _elide(self) -> None:
        room = max(self._state.width(), 20)
        metrics = self._state.fontMetrics()
        self._state.setText(metrics.elidedText(self._full_state, Qt.TextElideMode.ElideRight, room))
        self._state.setToolTip(plain_tip(self._full_state))
