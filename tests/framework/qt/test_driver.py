from __future__ import annotations

import threading
from itertools import pairwise
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QEventLoop, QObject, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QApplication, QDialog, QPushButton

from tasktonic import ttCatalyst, ttTimerRepeat, ttTimerSingleShot, ttTonic
from tasktonic.errors import ttDistillerError
from tasktonic.events import CatalystBegan
from tasktonic.qt import ttPyside6Ui, ttPysideWindow
from tasktonic.stream import Level
from tests.framework.qt.windows import run_qt_app
from tests.helpers.apps import Rows, in_thread, reading, run_app
from tests.helpers.movable_clock import movable_clock
from tests.helpers.small_tonics import Ender


def test_app_on_the_qt_loop_ends_when_its_tonics_have_ended(qapp: QApplication) -> None:
    assert run_qt_app(Ender).ledger.essences == []


def test_sparkles_run_in_the_thread_of_the_loop(qapp: QApplication) -> None:
    seen: list[Any] = []

    class Noting(Ender):
        def ttse__on_start(self) -> None:
            seen.append(threading.current_thread())
            super().ttse__on_start()

    run_qt_app(Noting)

    assert seen == [threading.current_thread()]


def test_driver_is_told_as_qt(qapp: QApplication) -> None:
    with reading() as rows:
        run_qt_app(Ender)

    assert [row.driver for row in rows.of(CatalystBegan)] == ["qt"]


def test_two_qt_apps_run_one_after_the_other(qapp: QApplication) -> None:
    run_qt_app(Ender)

    assert run_qt_app(Ender).ledger.essences == []


def test_call_from_another_thread_wakes_the_loop(qapp: QApplication) -> None:
    class Waiting(ttTonic):
        def ttse__on_start(self) -> None:
            self.helper = in_thread(self.ttsc__end)

        def ttsc__end(self) -> None:
            self.finish()

    assert run_qt_app(Waiting).ledger.essences == []


def test_call_from_a_slot_is_queued(qapp: QApplication) -> None:
    seen: list[str] = []

    class Waiting(ttTonic):
        def ttse__on_start(self) -> None:
            QTimer.singleShot(0, self.slot)

        def slot(self) -> None:
            self.ttsc__end()
            seen.append("slot")

        def ttsc__end(self) -> None:
            seen.append("sparkle")
            self.finish()

    run_qt_app(Waiting)

    assert seen == ["slot", "sparkle"]


def test_order_from_a_slot_names_qt(qapp: QApplication) -> None:
    class Waiting(ttTonic):
        def ttse__on_start(self) -> None:
            QTimer.singleShot(0, self.ttsc__end)

        def ttsc__end(self) -> None:
            self.finish()

    with reading(Level.FLOW) as rows:
        run_qt_app(Waiting)

    (order,) = [o for o in rows.orders() if o[0]._tt_class.sparkles[o[1]].called == "ttsc__end"]
    assert order[4:7] == (None, "qt", 0)


def test_timers_fire_on_the_qt_loop(qapp: QApplication) -> None:
    seen: list[str] = []

    class Ticking(ttTonic):
        def ttse__on_start(self) -> None:
            ttTimerRepeat(0.001)

        def ttse__on_timer(self, info: Any) -> None:
            seen.append("tick")
            if len(seen) == 5:
                self.finish()

    run_qt_app(Ticking)

    assert len(seen) == 5


def test_timer_set_from_a_slot_fires(qapp: QApplication) -> None:
    class Waiting(ttTonic):
        def ttse__on_start(self) -> None:
            QTimer.singleShot(0, lambda: ttTimerSingleShot(0.001, context=self))

        def ttse__on_timer(self, info: Any) -> None:
            self.finish()

    assert run_qt_app(Waiting).ledger.essences == []


def test_other_catalysts_work_beside_the_qt_loop(qapp: QApplication) -> None:
    seen: list[int] = []

    class Worker(ttTonic):
        def ttsc__double(self, number: int) -> None:
            self.context.ttsc__done(2 * number)  # type: ignore[union-attr]

    class Window(ttTonic):
        def ttse__on_start(self) -> None:
            self.worker = Worker(catalyst=ttCatalyst(context=-1))
            self.worker.ttsc__double(21)

        def ttsc__done(self, number: int) -> None:
            seen.append(number)
            self.finish()

    run_qt_app(Window)

    assert seen == [42]


def test_burst_of_a_hundred_thousand_sparkles_keeps_the_loop_turning(qapp: QApplication) -> None:
    turned: list[int] = []

    class Burst(ttTonic):
        count = 0

        def ttse__on_start(self) -> None:
            self.beat = QTimer()
            self.beat.timeout.connect(lambda: turned.append(self.count))
            self.beat.start(0)
            for _ in range(100_000):
                self.tts__step()
            self.tts__end()

        def tts__step(self) -> None:
            self.count += 1

        def tts__end(self) -> None:
            self.beat.stop()
            self.finish()

    run_qt_app(Burst)

    assert len([count for count in turned if 0 < count < 100_000]) >= 2


@pytest.mark.parametrize("count, each_ns", [(100_000, 1_000), (10_000, 50_000), (1_000, 2_000_000)])
def test_loop_gets_its_turn_within_fifty_milliseconds_of_the_clock_of_the_sparkles(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch, count: int, each_ns: int
) -> None:
    """By a clock that the sparkles move: each takes so long, and nothing else takes any time."""
    beats: list[int] = []

    class Burst(ttTonic):
        def ttse__on_start(self) -> None:
            for _ in range(count):
                self.tts__step()
            self.tts__end()
            self.beat = QTimer()
            self.beat.timeout.connect(lambda: beats.append(moved.now))
            self.beat.start(0)

        def tts__step(self) -> None:
            moved.move(each_ns)

        def tts__end(self) -> None:
            self.beat.stop()
            beats.append(moved.now)
            self.finish()

    with movable_clock() as moved:
        monkeypatch.setattr("tasktonic.clock.system_ns", lambda: moved.now)
        began_ns = moved.now
        run_qt_app(Burst)

    assert beats[-1] - began_ns == count * each_ns
    assert max(after - before for before, after in pairwise([began_ns, *beats])) < 50_000_000


def test_window_paints_and_takes_clicks_while_a_hundred_thousand_sparkles_wait(qapp: QApplication) -> None:
    seen: list[tuple[str, int]] = []

    class Window(ttPysideWindow):
        ran = 0

        def setup_ui(self) -> None:
            self.button = QPushButton("press", self)
            self.button.clicked.connect(lambda: seen.append(("clicked", self.ran)))
            self.show()

        def ttse__on_start(self) -> None:
            for _ in range(100_000):
                self.tts__step()
            self.tts__end()
            self.update()

        def tts__step(self) -> None:
            self.ran += 1

        def tts__end(self) -> None:
            self.close()

        def paintEvent(self, event: QPaintEvent) -> None:
            if (
                "painted",
                self.ran,
            ) not in seen:  # a click paints too: one between two slices, else they would go on for ever
                seen.append(("painted", self.ran))
                self.post_click()
            self.update()

        def post_click(self) -> None:
            """As from the window system: through the queue of the loop."""
            for kind, buttons in (
                (QEvent.Type.MouseButtonPress, Qt.MouseButton.LeftButton),
                (QEvent.Type.MouseButtonRelease, Qt.MouseButton.NoButton),
            ):
                place = self.button.mapToGlobal(QPointF(2, 2))
                event = QMouseEvent(
                    kind, QPointF(2, 2), place, Qt.MouseButton.LeftButton, buttons, Qt.KeyboardModifier.NoModifier
                )
                qapp.postEvent(self.button, event)

    run_qt_app(Window)

    meanwhile = [what for what, ran in seen if 0 < ran < 100_000]
    assert meanwhile.count("painted") >= 2
    assert meanwhile.count("clicked") >= 2


def test_error_in_a_sparkle_does_not_stop_the_loop(qapp: QApplication, capsys: pytest.CaptureFixture[str]) -> None:
    class Failing(ttTonic):
        def ttse__on_start(self) -> None:
            self.ttsc__end()
            raise LookupError("in a sparkle")

        def ttsc__end(self) -> None:
            self.finish()

    run_qt_app(Failing)

    assert "LookupError: in a sparkle" in capsys.readouterr().err


def test_modal_dialog_in_a_sparkle_holds_back_the_next_sparkles(qapp: QApplication) -> None:
    seen: list[str] = []

    class Asking(ttTonic):
        def ttse__on_start(self) -> None:
            self.ttsc__next()
            dialog = QDialog()
            QTimer.singleShot(0, lambda: (seen.append("dialog open"), self.ttsc__next(), dialog.accept()))
            dialog.exec()
            seen.append("dialog closed")

        def ttsc__next(self) -> None:
            seen.append("next")
            if seen.count("next") == 2:
                self.finish()

    run_qt_app(Asking)

    assert seen == ["dialog open", "dialog closed", "next", "next"]


def test_loop_inside_a_sparkle_does_not_lose_what_other_threads_send(qapp: QApplication) -> None:
    seen: list[str] = []

    class Asking(ttTonic):
        def ttse__on_start(self) -> None:
            loop = QEventLoop()
            helper = in_thread(self.ttsc__next)
            helper.join()
            QTimer.singleShot(0, loop.quit)
            loop.exec()
            seen.append("loop left")

        def ttsc__next(self) -> None:
            seen.append("next")
            self.finish()

    run_qt_app(Asking)

    assert seen == ["loop left", "next"]


def test_quitting_the_application_ends_the_app_in_order(qapp: QApplication) -> None:
    seen: list[str] = []

    class Staying(ttTonic):
        def ttse__on_start(self) -> None:
            QTimer.singleShot(0, qapp.quit)

        def ttse__on_finished(self) -> None:
            seen.append(self.name)

    run_qt_app(lambda: Staying(name="staying"))

    assert seen == ["staying"]


def test_signal_connected_to_a_sparkle_is_queued(qapp: QApplication) -> None:
    seen: list[Any] = []

    class Bell(QObject):
        rung = Signal(int)

    class Waiting(ttTonic):
        def ttse__on_start(self) -> None:
            self.bell = Bell()
            self.bell.rung.connect(self.ttsc__heard)
            self.bell.rung.emit(3)
            seen.append("emitted")

        def ttsc__heard(self, times: int) -> None:
            seen.append(times)
            self.finish()

    run_qt_app(Waiting)

    assert seen == ["emitted", 3]


def test_held_qt_catalyst_keeps_the_loop_turning(qapp: QApplication) -> None:
    seen: list[str] = []

    class Held(ttTonic):
        def ttse__on_start(self) -> None:
            self.catalyst.hold()
            QTimer.singleShot(0, self.look_twice)

        def look_twice(self) -> None:
            self.ttsc__end()
            seen.append("loop turns")
            QTimer.singleShot(0, lambda: (seen.append("and turns"), self.catalyst.release()))

        def ttsc__end(self) -> None:
            seen.append("sparkle")
            self.finish()

    run_qt_app(Held)

    assert seen == ["loop turns", "and turns", "sparkle"]


def test_readers_may_come_and_go_while_the_loop_turns(qapp: QApplication) -> None:
    counted: list[Rows] = []

    class Spinning(ttTonic):
        def ttse__on_start(self) -> None:
            self.tts__spin()
            self.helper = in_thread(self.look)

        def tts__spin(self) -> None:
            self.tts__spin()

        def look(self) -> None:
            for level in (Level.FACTS, Level.RUNS, Level.FLOW) * 5:
                with reading(level) as rows:
                    counted.append(rows)
            self.finish()

    assert run_qt_app(Spinning).ledger.essences == []
    assert len(counted) == 15


def test_qt_catalyst_is_refused_beside_the_main_one(qapp: QApplication) -> None:
    errors: list[str] = []

    class Second(ttTonic):
        def ttse__on_start(self) -> None:
            with pytest.raises(RuntimeError) as caught:
                ttPyside6Ui(name="second")
            errors.append(str(caught.value))
            self.finish()

    run_app(Second)

    assert "make it the main catalyst, in creating_main_catalyst" in errors[0]


def test_a_distiller_does_not_take_the_place_of_a_qt_catalyst() -> None:
    with pytest.raises(
        ttDistillerError,
        match=r"tasktonic/testing/distiller: the main catalyst ttPyside6Ui waits for the outside world \(qt\)",
    ):
        run_qt_app(Ender, **{"tasktonic/testing/distiller": True})
