"""A real app is held, stepped and changed by keys and mouse in the real window; and what holds it may fail in any way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from tasktonic import events as ev
from tasktonic.protocol.address import find_running
from tasktonic.protocol.messages import Granted, Hold, Release
from tasktonic_studio.session.selection import Thing
from tests.helpers.studio_end import StudioEnd, wait_for

ROOT = Path(__file__).resolve().parents[2]

Steps = Generator[Callable[[], Any], None, None]
Key = Qt.Key
CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)

PAINTERS = """
    import time
    from tasktonic import *

    class Brush(ttTonic):
        def ttsc__stroke(self, colour):
            self.last = colour

    class Painter(ttTonic):
        def __init__(self, brush, **kwargs):
            super().__init__(**kwargs)
            self.brush = brush
            self.painted = 0

        def ttsc__paint(self, number, colour="red"):
            time.sleep(0.02)  # slower than they come, so that some wait
            self.painted += 1
            self.brush.ttsc__stroke(colour)

    class Boss(ttTonic):
        def ttse__on_start(self):
            brush = Brush(name="brush", context=-1, catalyst=ttCatalyst(name="hand", context=-1))
            self.painter = Painter(brush, name="painter", context=-1, catalyst=ttCatalyst(name="side", context=-1))
            self.number = 0
            self.bind(ttTimerRepeat, seconds=0.01)

        def ttse__on_timer(self, info):
            self.number += 1
            self.painter.ttsc__paint(self.number)

    class App(ttFormula):
        def creating_formula(self):
            return {"tasktonic/log/to": "off"}

        def creating_starting_tonics(self):
            Boss(name="boss")

    App()
    """


def by_name(person: Any, name: str) -> int:
    """The id of an essence that lives."""
    known = person.live.essences
    return next((it for it in known if known.get(it).name == name and known.get(it).is_alive), -1)


def is_held(person: Any, *names: str) -> bool:
    """Whether these catalysts are held; with none named, all that live."""
    catalysts = [facts for facts in person.live.catalysts.values() if facts.alive]
    return bool(catalysts) and all(facts.held for facts in catalysts if not names or facts.name in names)


def held(person: Any) -> Steps:
    """Wait until the painter has orders that wait, then hold all by F6, and look at its queue."""
    yield lambda: person.live.target.status == "running" and by_name(person, "painter") >= 0
    yield lambda: any(facts.name == "side" and facts.depth > 5 for facts in person.live.catalysts.values())
    person.press(Key.Key_F6)
    yield lambda: is_held(person)


def selected_run(person: Any) -> tuple[str, str]:
    """Tonic and sparkle of the selected run."""
    thing = person.bench.selection.thing
    run = person.live.run_of(thing.key) if thing is not None and thing.kind == "run" else None
    return (person.live.essences.name(run.essence), person.live.names.sparkle(run.sparkle)) if run else ("", "")


def select(person: Any, name: str) -> None:
    person.bench.selection.select(Thing("essence", by_name(person, name)))


def test_a_held_app_stands_and_the_window_says_so_until_it_goes_on(run_studio: Any, script: Any) -> None:
    def steps(person: Any) -> Steps:
        yield from held(person)
        assert person.bench.held_bar.isVisible()
        assert person.bench.held_bar.words.text() == (
            "All 3 catalysts stand before the next sparkle; their timers stand still."
        )
        assert person.window.windowTitle().startswith("❚❚ held — app.py — ")
        assert person.bench.strip.property("held") == "true"
        runs = len(person.live.runs)
        beats = len(person.live.depths)
        yield lambda: len(person.live.depths) > beats + 9
        assert len(person.live.runs) == runs

        person.press(Key.Key_F5)

        yield lambda: person.live.target.status == "running" and len(person.live.runs) > runs
        assert not person.bench.held_bar.isVisible()
        assert not person.window.windowTitle().startswith("❚❚")

    run_studio(steps, script(PAINTERS))


def test_a_step_runs_one_sparkle_and_selects_it(run_studio: Any, script: Any) -> None:
    def steps(person: Any) -> Steps:
        yield from held(person)
        select(person, "painter")
        for _ in range(2):
            runs = len(person.live.runs)
            before = person.bench.selection.thing
            person.press(Key.Key_F10)
            yield lambda before=before: person.bench.selection.thing != before
            assert selected_run(person) == ("painter", "ttsc__paint")
            assert len(person.live.runs) == runs + 1
            assert person.bench.selection.time is None
        person.press(Key.Key_Comma, ALT)  # a step back in view: the app stays where it is
        yield lambda: person.bench.selection.time is not None
        assert is_held(person)

    run_studio(steps, script(PAINTERS))


def test_why_nothing_was_stepped_is_said_until_the_app_goes_on(run_studio: Any, script: Any) -> None:
    def steps(person: Any) -> Steps:
        yield from held(person)
        select(person, "brush")
        while not person.sentence:
            before = person.bench.selection.thing
            person.press(Key.Key_F10)
            yield lambda before=before: person.bench.selection.thing != before or person.sentence
        assert person.sentence.startswith("Nothing waits for hand, so there is no next sparkle.")
        person.press(Key.Key_F5)
        yield lambda: person.live.target.status == "running" and not person.sentence

    run_studio(steps, script(PAINTERS))


def test_an_order_is_followed_to_another_catalyst_and_its_cascade_run_through(run_studio: Any, script: Any) -> None:
    def steps(person: Any) -> Steps:
        yield from held(person)
        select(person, "painter")
        person.press(Key.Key_F10)
        yield lambda: selected_run(person) == ("painter", "ttsc__paint")
        painted = person.bench.selection.thing.key
        person.press(Key.Key_F11)
        yield lambda: selected_run(person) == ("brush", "ttsc__stroke")
        run = person.live.run_of(person.bench.selection.thing.key)
        assert person.live.order_of(run.order).run == painted

        # The next one that waits, and all that comes of it.
        waiting, _ = person.live.waiting_of(by_name(person, "side"))
        number = person.live.orders.row(int(waiting[0])).order
        person.bench.selection.select(Thing("order", number))
        person.press(Key.Key_F11, SHIFT)
        yield lambda: selected_run(person) == ("brush", "ttsc__stroke")
        run = person.live.run_of(person.bench.selection.thing.key)
        assert person.live.order_of(run.order).run == number

    run_studio(steps, script(PAINTERS))


def test_the_app_runs_up_to_a_waiting_order(run_studio: Any, script: Any) -> None:
    def steps(person: Any) -> Steps:
        yield from held(person)
        waiting, _ = person.live.waiting_of(by_name(person, "side"))
        numbers = [person.live.orders.row(int(row)).order for row in waiting[:4]]
        person.bench.selection.select(Thing("order", numbers[3]))
        person.press(Key.Key_F10, CTRL)
        yield lambda: person.live.run_of(numbers[2]) is not None
        assert person.live.run_of(numbers[3]) is None
        assert is_held(person)
        assert person.bench.selection.thing == Thing("order", numbers[3])

    run_studio(steps, script(PAINTERS))


def test_the_app_runs_until_the_selected_sparkle_runs_again(run_studio: Any, script: Any) -> None:
    def steps(person: Any) -> Steps:
        yield from held(person)
        select(person, "painter")
        person.press(Key.Key_F10)
        yield lambda: selected_run(person) == ("painter", "ttsc__paint")
        person.press(Key.Key_F11)
        yield lambda: selected_run(person) == ("brush", "ttsc__stroke")
        strokes = person.bench.selection.thing
        person.bench.run("run.until")
        yield lambda: person.bench.selection.thing != strokes
        thing = person.bench.selection.thing
        assert thing.kind == "order"  # it is the next, and has not run
        order = person.live.order_of(thing.key)
        assert person.live.names.sparkle(order.sparkle) == "ttsc__stroke"
        yield lambda: is_held(person)
        assert person.live.run_of(thing.key) is None

    run_studio(steps, script(PAINTERS))


def test_the_app_runs_until_what_was_typed_happens(run_studio: Any, script: Any) -> None:
    def steps(person: Any) -> Steps:
        yield from held(person)
        person.bench.selection.select(None)
        person.press(Key.Key_F10, SHIFT)
        yield lambda: person.bench.breaking.dialog is not None and person.bench.breaking.dialog.isVisible()
        dialog = person.bench.breaking.dialog
        assert dialog.windowTitle() == "Run until…"
        assert not dialog.once.isVisible()
        QTest.keyClicks(dialog.forms[0].what, "ttsc__str*")
        QTest.keyClick(dialog.forms[0].what, Key.Key_Return)

        yield lambda: person.bench.selection.thing is not None and person.bench.selection.thing.kind == "order"
        order = person.live.order_of(person.bench.selection.thing.key)
        assert person.live.names.sparkle(order.sparkle) == "ttsc__stroke"
        yield lambda: is_held(person)

        person.press(Key.Key_F10, SHIFT)  # what was typed last is there again
        yield lambda: person.bench.breaking.dialog is not None and person.bench.breaking.dialog.isVisible()
        assert person.bench.breaking.dialog.forms[0].what.text() == "ttsc__str*"
        person.bench.breaking.dialog.reject()

    run_studio(steps, script(PAINTERS))


ALARM = """
    from tasktonic import *

    class Clock(ttTonic):
        def ttse__on_start(self):
            self.bind(ttTimerRepeat, hours=1, name="alarm")

        def ttse__on_alarm(self, info):
            print("rings", flush=True)

    class App(ttFormula):
        def creating_formula(self):
            return {"tasktonic/log/to": "off"}

        def creating_starting_tonics(self):
            Clock(name="clock")

    App()
    """


def test_of_a_held_app_that_only_waits_for_a_timer_the_timer_is_let_fire(run_studio: Any, script: Any) -> None:
    def steps(person: Any) -> Steps:
        yield lambda: person.live.target.status == "running" and len(person.live.timers) == 1
        why_not = person.bench.registry.why_not
        assert why_not("run.next_timer", person.bench.context) == "Nothing is held. Hold first (F6)."
        person.press(Key.Key_F6)
        yield lambda: is_held(person)
        page = queue_of(person, "main_catalyst")
        yield lambda: page.nothing.isVisible() and page.nothing.text().endswith("Alt+F10 lets the next one fire.")

        person.press(Key.Key_F10, ALT)
        yield lambda: [order.sparkle for order in orders(page)] == ["ttse__on_alarm"]
        assert "rings" not in person.log_texts()
        assert any("fire timer" in text for text in person.log_texts())
        person.press(Key.Key_F10)
        yield lambda: selected_run(person) == ("clock", "ttse__on_alarm")
        yield lambda: "rings" in person.log_texts()
        assert is_held(person)

    run_studio(steps, script(ALARM))


# ---- the queue of a held catalyst


def queue_of(person: Any, name: str = "side") -> Any:
    """The queue page, of this catalyst."""
    person.panel("catalysts")
    person.bench.selection.select(Thing("catalyst", by_name(person, name)))
    page = person.panel("catalysts").below.queue
    person.panel("catalysts").below.setCurrentWidget(page)
    return page


def orders(page: Any) -> list[Any]:
    """What the app told of the orders that wait."""
    return list(page.told.orders) if page.told is not None else []


def typed(page: Any) -> list[str]:
    return [order.typed for order in orders(page)]


def chosen(person: Any, page: Any, row: int) -> Steps:
    """Click on a row of the queue, and wait until keys go there: a dialog may just have closed."""
    person.window.activateWindow()
    page.table.scrollTo(page.model.index(row, 0))
    person.click(page.table.viewport(), page.table.visualRect(page.model.index(row, 1)).center())
    page.table.setFocus()
    yield lambda: QApplication.focusWidget() is page.table


def dialog(name: str) -> Any:
    """The dialog of that name that is on screen."""
    return next((it for it in QApplication.topLevelWidgets() if it.objectName() == name and it.isVisible()), None)


def test_the_queue_of_a_held_catalyst_is_changed_by_keys(run_studio: Any, script: Any) -> None:
    def steps(person: Any) -> Steps:
        yield from held(person)
        page = queue_of(person)
        yield lambda: len(orders(page)) > 5
        first, second, third = typed(page)[:3]
        numbers = [order.number for order in orders(page)]
        assert orders(page)[0].sender == "boss · ttse__on_timer"
        assert page.model.index(0, 5).data().startswith("number=")

        yield from chosen(person, page, 1)
        person.press(Key.Key_Up, ALT)
        yield lambda: typed(page)[:3] == [second, first, third]

        yield from chosen(person, page, 2)
        person.press(Key.Key_D, CTRL)
        yield lambda: typed(page)[:4] == [second, first, third, third]

        yield from chosen(person, page, 0)
        person.press(Key.Key_Delete)
        yield lambda: typed(page)[:3] == [first, third, third]
        assert person.live.order_of(numbers[1]).row not in person.live.waiting.all_rows()

        yield from chosen(person, page, 1)
        person.press(Key.Key_F2)
        yield lambda: dialog("edit_order") is not None
        edit = dialog("edit_order")
        edit.line.setText("colour")
        assert not edit.do_it.isEnabled()
        assert "'colour' is no list of arguments" in edit.problem.text() or "no Python literal" in edit.problem.text()
        edit.line.setText("..., 'gold'")
        QTest.keyClick(edit.line, Key.Key_Return)
        gold = third.split(",")[0] + ", 'gold'"
        yield lambda: typed(page)[:3] == [first, gold, third]

        yield from chosen(person, page, 1)
        person.press(Key.Key_Insert)
        yield lambda: dialog("new_order") is not None
        new = dialog("new_order")
        new.tonic.setCurrentText("painter")
        new.sparkle.setCurrentText("ttsc__paint")
        new.line.setText("0, 'white'")
        QTest.keyClick(new.line, Key.Key_Return)
        yield lambda: typed(page)[:3] == ["0, 'white'", first, gold]

        def middle(row: int) -> QPoint:
            return QPoint(page.table.visualRect(page.model.index(row, 2)).center())

        QTest.mousePress(page.table.viewport(), Qt.MouseButton.LeftButton, pos=middle(0))
        for place in (middle(1), middle(2) + QPoint(0, 6)):
            QTest.mouseMove(page.table.viewport(), place)
            QApplication.processEvents()
        QTest.mouseRelease(page.table.viewport(), Qt.MouseButton.LeftButton, pos=middle(2) + QPoint(0, 6))
        yield lambda: typed(page)[:3] == [first, gold, "0, 'white'"]

        yield from chosen(person, page, 0)
        for _ in range(3):
            runs = len(person.live.runs)
            person.press(Key.Key_F10)
            yield lambda runs=runs: len(person.live.runs) > runs
        said = [text for text in person.log_texts() if text.startswith("by hand: ")]
        for what in ("move order", "duplicate order", "drop order", "edit order", "add order", "step"):
            assert any(text.startswith(f"by hand: {what} ") for text in said), what

    run_studio(steps, script(PAINTERS))


def test_an_order_that_ran_meanwhile_is_refused_with_a_sentence_on_screen(run_studio: Any, script: Any) -> None:
    def steps(person: Any) -> Steps:
        yield from held(person)
        page = queue_of(person)
        yield lambda: len(orders(page)) > 5
        number = orders(page)[0].number
        yield from chosen(person, page, 0)
        person.press(Key.Key_F2)
        yield lambda: dialog("edit_order") is not None
        edit = dialog("edit_order")
        # Another hand lets it run while the dialog is open.
        person.bench.run("run.step")
        yield lambda: person.live.run_of(number) is not None
        QTest.keyClick(edit.line, Key.Key_Return)
        yield (
            lambda: (
                person.sentence
                == (f"Order {number} waits for side no longer: it has run meanwhile, or was taken away.")
            )
        )

    run_studio(steps, script(PAINTERS))


def test_one_catalyst_is_held_from_its_pill_while_the_others_run_on(run_studio: Any, script: Any) -> None:
    def steps(person: Any) -> Steps:
        yield lambda: person.live.target.status == "running" and by_name(person, "painter") >= 0
        pill = next(it for it in person.bench.strip._pills._pills.values() if "side" in it.text())
        person.bench.strip._pills.menu_wanted.emit(by_name(person, "side"), pill.mapToGlobal(QPoint(2, 2)))
        yield lambda: QApplication.activePopupWidget() is not None
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        line = next(it for it in menu.actions() if it.objectName() == "run.hold_catalyst")
        QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(line).center())

        yield lambda: is_held(person, "side")
        assert not is_held(person)
        assert person.bench.held_bar.words.text() == (
            "side of 3 catalysts stands before the next sparkle; its timers stand still."
        )
        runs = len(person.live.runs)
        yield lambda: len(person.live.runs) > runs  # the boss ticks on
        person.bench.run("run.release_catalyst")
        yield lambda: person.live.target.status == "running"

    run_studio(steps, script(PAINTERS))


QT_DESK = """
    import sys
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QPushButton
    from tasktonic import *
    from tasktonic.qt import ttPyside6Ui, ttPysideWindow

    class Desk(ttPysideWindow):
        def setup_ui(self):
            self.setWindowTitle("Desk")
            self.button = QPushButton("Press", self)
            self.painted = 0
            self.told = ""
            self.looking = QTimer(self)  # Qt's own: it goes on while the sparkles are held
            self.looking.timeout.connect(self.look)
            self.looking.start(5)
            self.show()

        def ttse__on_start(self):
            self.ticks = 0
            self.bind(ttTimerRepeat, seconds=0.02)

        def ttse__on_timer(self, info):
            self.ticks += 1

        def ttqt__button__clicked(self, checked):
            print("clicked", flush=True)

        def paintEvent(self, event):
            self.painted += 1

        def look(self):
            if self.windowTitle() != self.told:
                self.told = self.windowTitle()
                print("title", self.told, flush=True)
                if "held" in self.told:
                    self.painted = 0
                    self.button.click()
            elif "held" in self.told:
                self.update()
                if self.painted == 3:
                    print("painted on", flush=True)

    class App(ttFormula):
        def creating_formula(self):
            return {"tasktonic/log/to": "off"}

        def creating_main_catalyst(self):
            ttPyside6Ui()

        def creating_starting_tonics(self):
            Desk(name="desk")

    App()
    """


def test_a_held_qt_app_paints_on_says_so_and_loses_no_click(run_studio: Any, script: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")

    def steps(person: Any) -> Steps:
        yield lambda: "title Desk" in person.log_texts() and person.live.target.status == "running"
        person.press(Key.Key_F6)
        yield lambda: is_held(person)
        yield lambda: "title ❚❚ held — Desk" in person.log_texts()
        yield lambda: "painted on" in person.log_texts()
        assert "clicked" not in person.log_texts()
        page = queue_of(person, "main_catalyst")
        yield lambda: [order.sparkle for order in orders(page)] == ["ttqt__button__clicked"]

        person.press(Key.Key_F10)
        yield lambda: "clicked" in person.log_texts()
        assert is_held(person)
        person.press(Key.Key_F5)
        yield lambda: person.log_texts().count("title Desk") == 2 and person.live.target.status == "running"

    run_studio(steps, script(QT_DESK))


# ---- what may go wrong


def test_a_held_app_that_is_killed_is_said_to_be_dead_and_can_be_looked_at(run_studio: Any, script: Any) -> None:
    def steps(person: Any) -> Steps:
        yield from held(person)
        page = queue_of(person)
        yield lambda: len(orders(page)) > 5
        os.kill(person.live.target.pid, signal.SIGKILL)
        yield lambda: person.live.target.status == "ended"
        assert "SIGKILL" in person.sentence
        assert not person.bench.held_bar.isVisible()
        assert not person.window.windowTitle().startswith("❚❚")
        person.panel("catalysts")
        yield lambda: page.told is None and page.model.count > 5  # what waited, as far as the stream told
        for command in ("run.step", "run.follow", "run.hold", "order.drop"):
            assert person.bench.registry.why_not(command, person.bench.context) == "No app runs."

    run_studio(steps, script(PAINTERS))


def test_a_catalyst_inside_a_sparkle_is_told_until_it_holds(run_studio: Any, script: Any, tmp_path: Path) -> None:
    go = tmp_path / "go"
    busy = PAINTERS.replace(
        "time.sleep(0.02)",
        f"time.sleep(0.02)\n            while self.painted == 3 and not os.path.exists({str(go)!r}): time.sleep(0.01)",
    )
    busy = busy.replace("import time", "import os, time")

    def steps(person: Any) -> Steps:
        yield lambda: any(
            facts.inside_for_ns(person.live.t_ns) > 300_000_000 for facts in person.live.catalysts.values()
        )
        person.press(Key.Key_F6)
        yield lambda: is_held(person, "main_catalyst", "hand")
        words = person.bench.held_bar.words
        yield lambda: "side is busy inside painter · ttsc__paint for " in words.text()
        assert "it holds afterwards" in words.text()
        assert "main_catalyst, hand of 3 catalysts stand before the next sparkle" in words.text()

        go.touch()
        yield lambda: is_held(person)
        yield lambda: words.text() == "All 3 catalysts stand before the next sparkle; their timers stand still."

    run_studio(steps, script(busy))


WATCHED = PAINTERS.replace(
    "    import time\n",
    "    import time\n    from tasktonic.probe import grip\n    grip.HOLD_GRACE_NS = 300_000_000\n",
    1,
)


def test_who_only_views_is_told_why_nothing_can_be_held(run_studio: Any, script: Any) -> None:
    with running(script(WATCHED)) as app, StudioEnd.of_running(app.pid) as controller:
        controller.message(Granted)

        def steps(person: Any) -> Steps:
            yield lambda: person.live.target.role == "view" and by_name(person, "painter") >= 0
            for command in ("run.hold", "run.step", "run.follow", "run.to_order", "run.hold_catalyst"):
                assert person.bench.registry.why_not(command, person.bench.context) == (
                    "This Studio only views; another one controls the app."
                )
            assert "only views" in person.bench.actions_of_commands.action("run.hold").toolTip()
            controller.say(Hold(1))
            yield lambda: person.live.target.status == "held"
            assert person.bench.held_bar.isVisible()
            page = queue_of(person)
            yield lambda: len(orders(page)) > 0  # a viewer may look
            assert "only views" in person.bench.registry.why_not("order.drop", person.bench.context)
            controller.say(Release(2))
            yield lambda: person.live.target.status == "running"

        run_studio(steps, "--attach", str(app.pid))


def test_an_app_runs_on_when_the_studio_that_holds_it_is_killed(script: Any) -> None:
    with running(script(WATCHED)) as app:
        studio = holding_studio(app.pid)
        with StudioEnd.of_running(app.pid, role="view") as watcher:
            watcher.message(Granted)
            watcher.event(ev.CatalystHeld, lambda fact: fact.held)

            studio.kill()
            studio.wait()

            watcher.event(ev.CatalystHeld, lambda fact: not fact.held)
            so_far = len(watcher.seen(ev.Ran))
            watcher.until(lambda: len(watcher.seen(ev.Ran)) > so_far, "the app to run on")


def test_a_studio_that_comes_in_time_finds_the_app_still_held(script: Any) -> None:
    with running(script(WATCHED)) as app:
        studio = holding_studio(app.pid)
        with StudioEnd.of_running(app.pid, role="view") as watcher:
            watcher.message(Granted)
            watcher.event(ev.CatalystHeld, lambda fact: fact.held)
            studio.kill()
            studio.wait()
            with StudioEnd.of_running(app.pid) as heir:
                assert heir.message(Granted).role == "control"
                came_ns = heir.event(ev.Beat).t_ns
                heir.event(ev.Beat, lambda beat: beat.t_ns > came_ns + 600_000_000)  # twice the grace
                assert all(fact.held for fact in heir.seen(ev.CatalystHeld))
                heir.say(Release(1))
                heir.event(ev.CatalystHeld, lambda fact: not fact.held)


CUT = """
    import os, threading, time
    from tasktonic import probe
    from tasktonic.probe import grip

    def cut():
        for place, grace_s in ((FOLDER + "/first", 600), (FOLDER + "/second", 0)):
            while not os.path.exists(place):
                time.sleep(0.01)
            grip.HOLD_GRACE_NS = grace_s * 1_000_000_000
            for viewer in list(probe._agent._viewers):
                viewer.link.socket.shutdown(2)

    threading.Thread(target=cut, daemon=True).start()
    """


def test_a_qt_app_whose_link_is_cut_while_it_is_held_is_attached_again_or_runs_on(
    run_studio: Any, script: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    """Both sides live on: the one finds its app held when it comes in time, the other goes on when nobody comes."""
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    with running(script(CUT.replace("FOLDER", repr(str(tmp_path))) + QT_DESK)) as app:

        def steps(person: Any) -> Steps:
            yield lambda: person.live.target.status == "running" and by_name(person, "desk") >= 0
            person.press(Key.Key_F6)
            yield lambda: is_held(person)

            (tmp_path / "first").touch()
            yield lambda: person.live.target.status == "lost"
            assert person.sentence == "app.py: lost: The app closed the connection."
            assert not person.bench.held_bar.isVisible()
            person.bench.context.requests.attach(app.pid)
            yield lambda: person.live.target.status == "held" and person.live.target.role == "control"
            yield lambda: person.bench.held_bar.isVisible() and is_held(person)

            (tmp_path / "second").touch()
            yield lambda: person.live.target.status == "lost"
            person.bench.context.requests.attach(app.pid)
            yield lambda: person.live.target.status == "running" and person.live.target.role == "control"
            runs = len(person.live.runs)
            yield lambda: len(person.live.runs) > runs

        wait_for(lambda: any(it.pid == app.pid for it in find_running()), "the app to listen")
        run_studio(steps, "--attach", str(app.pid))
        assert app.poll() is None


HOLDER = """
import sys
from tests.helpers.real_studio import run_studio
from PySide6.QtCore import Qt
from pathlib import Path

def steps(person):
    yield lambda: person.live.target.status == "running" and len(person.live.runs) > 10
    person.press(Qt.Key.Key_F6)
    yield lambda: False

run_studio(["--attach", sys.argv[1]], steps, Path(sys.argv[2]))
"""


def holding_studio(pid: int) -> subprocess.Popen[bytes]:
    """A real Studio in a process of its own, in which somebody presses F6."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(pid), os.devnull], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL
    )


@contextmanager
def running(script: str) -> Iterator[subprocess.Popen[bytes]]:
    """An app that listens, in a process of its own."""
    environment = {**os.environ, "TASKTONIC_STUDIO": "1", "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen([sys.executable, script], env=environment, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
