"""Runs the real Studio in this process, with a person who looks and clicks; the apps it watches are real processes.

A test hands over a generator of steps. It gets the `Person`, does something, and yields what must become true before it goes
on: ``yield lambda: person.live.target.status == "running"``. Steps run in the Qt loop, also while a dialog is open. The window is
closed when the steps are through, or when one of them failed; what failed is raised in the test, with a picture of the window
and what was known in the message.
"""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tasktonic import ttLedger
from tasktonic_studio import app, cli
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.ui.main_window import MainWindow
from tasktonic_studio.ui.panels.editor.view import EditorView
from tasktonic_studio.ui.workbench import Workbench
from tests.helpers.patience import PATIENCE_S
from tests.helpers.undressed import undress

LOOK_EVERY_MS: Final = 10
"""A condition that does not come true within this time fails; nobody waits that long where all is well."""

Condition = Callable[[], Any]
Steps = Callable[["Person"], Generator[Condition, None, None]]


class Person:
    """Who sits before the window."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window

    @property
    def bench(self) -> Workbench:
        return self.window.bench

    @property
    def live(self) -> Knowledge:
        """What the Studio knows of the watched app by now."""
        return self.bench.session.live

    @property
    def sees_what_is_known(self) -> bool:
        """Whether the window shows what the Studio knows: on a busy machine it may know it some frames before.

        Steps go on only then. What is known is looked at for what a person would see; keys that are pressed before the menus are
        told of it would do nothing.
        """
        return self.bench.clock.has_told_all

    @property
    def sentence(self) -> str:
        """What the banner over the panels says; empty when there is none."""
        problem = self.bench.banner.problem if self.bench.banner.isVisible() else None
        return problem.sentence if problem is not None else ""

    def log_texts(self) -> list[str]:
        """The lines of the log."""
        return [self.live.log[index].text for index in range(len(self.live.log))]

    def panel(self, panel_id: str) -> Any:
        """The widget of a panel, brought to the front."""
        self.bench.show_panel(panel_id)
        return self.bench.area.dock(panel_id).widget()

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the focus is."""
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifiers)

    def click(self, widget: QWidget, at: QPoint | None = None) -> None:
        """Click on a widget, in its middle unless told where."""
        QTest.mouseClick(
            widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at or widget.rect().center()
        )


class _Driver:
    """Takes the steps, one by one, in the Qt loop."""

    def __init__(self, steps: Steps, picture: Path) -> None:
        self._steps = steps
        self._picture = picture
        self._going: Generator[Condition, None, None] | None = None
        self._condition: Condition | None = None
        self._waiting_since = time.monotonic()
        self.failure: BaseException | None = None
        self.finished = False
        self._person: Person | None = None
        self._timer = QTimer()
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def _look(self) -> None:
        try:
            self._go_on()
        except BaseException as failure:
            self._end(failure)

    def _go_on(self) -> None:
        if self._person is None:
            window = ttLedger().get_essence_by_name("main_window")
            if not isinstance(window, MainWindow) or not window.isVisible():
                self._check_patience("the window to show")
                return
            if not window.isActiveWindow():
                # Keys go to the active window, and a bare X server has nobody who activates one.
                window.raise_()
                window.activateWindow()
                self._check_patience("the window to become the active one")
                return
            self._person = Person(window)
            self._going = self._steps(self._person)
        elif self._condition is not None and not (self._person.sees_what_is_known and self._condition()):
            self._check_patience(self._condition)
            return
        assert self._going is not None
        try:
            self._condition = next(self._going)
        except StopIteration:
            self._end(None)
        self._waiting_since = time.monotonic()

    def _check_patience(self, what: str | Condition) -> None:
        if time.monotonic() - self._waiting_since > PATIENCE_S:
            # Only now: to find the text of a condition takes a tenth of the time between two looks.
            words = what if isinstance(what, str) else _text_of(what)
            raise AssertionError(f"waited in vain for {words}{self._known()}")

    def _known(self) -> str:
        if self._person is None:
            return ""
        live = self._person.live
        self._person.window.grab().save(str(self._picture))
        return (
            f"\ntarget: {live.target}\nbanner: {self._person.sentence!r}\nlast log lines: {self._person.log_texts()[-8:]}"
            f"\npicture: {self._picture}"
        )

    def _end(self, failure: BaseException | None) -> None:
        self._timer.stop()
        self.failure = failure
        self.finished = True
        if self._person is not None:
            self._person.bench.settings.set("confirm.stop_on_close", False)
            self._person.window.close()
        else:
            QApplication.quit()


def _text_of(condition: Condition) -> str:
    try:
        return inspect.getsource(condition).strip()
    except (OSError, TypeError):  # a method of a widget has no source of its own
        return repr(condition)


def _discard(parent: QWidget, question: str, details: str, answers: Sequence[str]) -> str:
    return "Discard"


def run_studio(arguments: list[str], steps: Steps, picture: Path) -> None:
    """Run the Studio with these command line arguments, take the steps, close it.

    Raises:
        AssertionError: a condition did not come true, or a step failed.
    """
    wishes = cli.parse(arguments)
    assert wishes is not None
    if QApplication.instance() is None:
        QApplication(["studio"])
    undress()
    driver = _Driver(steps, picture)
    asks = EditorView.ask
    try:
        # Nobody is there to answer when a failed test closes the window.
        EditorView.ask = staticmethod(_discard)
        outcome = app.run(wishes)
    finally:
        EditorView.ask = staticmethod(asks)
        driver.stop()
    if driver.failure is not None:
        raise driver.failure
    assert driver.finished, f"the Studio ended by itself: {outcome}"
