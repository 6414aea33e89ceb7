"""A real app is held and stepped by keys in the real window."""

from __future__ import annotations

from typing import Any

from PySide6.QtTest import QTest

from tasktonic_studio.session.selection import Thing
from tests.helpers.held_apps import (
    ALT,
    CTRL,
    PAINTERS,
    SHIFT,
    Key,
    Steps,
    by_name,
    held,
    is_held,
    orders,
    queue_of,
)


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
        person.window.activateWindow()  # the dialog has just closed
        until = person.bench.actions_of_commands.action("run.until_rule")
        yield lambda: is_held(person) and person.window.isActiveWindow() and until.isEnabled()

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
