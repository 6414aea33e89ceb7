"""Breakpoints on real apps, set, hit and let go by keys and mouse in the real window."""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox

from tasktonic.rules import Term
from tasktonic_studio.commands.breakpoint_commands import NO_HANDLER
from tasktonic_studio.session.selection import Thing
from tests.end_to_end.test_attach import running

Steps = Generator[Callable[[], Any], None, None]
CTRL = Qt.KeyboardModifier.ControlModifier

PUMP = """
    from tasktonic import *
    {imports}

    class Pump(ttTonic):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.level = 0
            self.store = self.bind(ttStore)

        def ttse__on_start(self):
            print("alone", flush=True)
            self.to_state("idle")
            self.bind(ttTimerRepeat, seconds=0.02)

        def ttse__on_timer(self, info):
            self.ttsc__stroke()

        def ttsc__stroke(self):
            self.level += 1
            self.store.set("pump/level", self.level)
            if self.level % 5 == 0:
                self.to_state("full" if self.level % 2 else "idle")
            if self.level % 7 == 0:
                raise LookupError("no water")

        def ttse_idle__on_enter(self):
            pass

        def ttse_full__on_enter(self):
            pass

        def ttse__on_error(self, error):
            pass

    class App(ttFormula):
        def creating_formula(self):
            return {{"tasktonic/log/to": "off"}}

        def creating_main_catalyst(self):
            {main}

        def creating_starting_tonics(self):
            Pump(name="pump")

    App()
    """
THREADS = PUMP.format(imports="", main='ttCatalyst(name="main")')
QT = PUMP.format(imports="from tasktonic.qt import *", main='ttPyside6Ui(name="main")')

both = pytest.mark.parametrize("program", [THREADS, QT], ids=["threads", "qt"])


def _is_held(person: Any) -> bool:
    return bool(person.live.target.status == "held")


def _runs(person: Any) -> bool:
    return bool(person.live.target.status == "running")


def _pump(person: Any) -> int:
    return next((e for e in person.live.essences if person.live.essences.name(e) == "pump"), -1)


def _run_of(person: Any, sparkle: str) -> int:
    live = person.live
    for row in reversed(live.runs.rows(max(0, len(live.runs) - 200), len(live.runs))):
        if row.essence == _pump(person) and live.names.sparkle(row.sparkle) == sparkle:
            return int(row.run)
    return 0


@both
def test_f9_on_a_run_holds_before_its_sparkle_and_f5_goes_on(run_studio: Any, script: Any, program: str) -> None:
    def steps(person: Any) -> Steps:
        yield lambda: _run_of(person, "ttsc__stroke")
        person.bench.selection.select(Thing("run", _run_of(person, "ttsc__stroke")))
        person.press(Qt.Key.Key_F9)
        points = person.bench.session.breakpoints
        assert [point.terms for point in points.all] == [(Term("sparkle", "ttsc__stroke", "Pump"),)]

        yield lambda: _is_held(person)
        yield lambda: person.live.target.sentence == "held at Pump.ttsc__stroke: breakpoint 1"
        yield lambda: person.bench.held_bar.words.text().startswith("At Pump.ttsc__stroke: breakpoint 1. ")
        yield lambda: person.bench.selection.thing is not None and person.bench.selection.thing.kind == "order"
        hit = person.live.hit
        assert person.bench.selection.thing == Thing("order", hit.run)
        panel = person.panel("breakpoints")
        yield lambda: panel.rows == [("1  Pump.ttsc__stroke", "holds", "1")]

        person.press(Qt.Key.Key_F5)
        yield lambda: points.hits_of(1).count == 2 and _is_held(person)

        person.bench.selection.select(Thing("order", person.live.hit.run))
        person.press(Qt.Key.Key_F9)
        assert points.all == ()
        person.press(Qt.Key.Key_F5)
        yield lambda: _runs(person)
        so_far = len(person.live.runs)
        yield lambda: len(person.live.runs) > so_far + 20
        assert any("breakpoint" in text for text in person.log_texts())

    run_studio(steps, script(program))


def _choose_thing(person: Any, kind: str) -> Thing:
    """Something in the window that a breakpoint of this kind can be set on."""
    live = person.live
    if kind == "state":
        cls = live.essences.get(_pump(person)).cls
        return Thing("state", (cls, live.names.states(cls).index("full")))
    if kind == "path":
        return Thing("store", (next(iter(live.store)), "pump/level"))
    return Thing("log", next(at for at in range(len(live.log)) if live.log[at].level == "error"))


@both
@pytest.mark.parametrize(
    "kind, says",
    [
        ("state", "held after Pump.ttsc__stroke: breakpoint 1"),
        ("path", "breakpoint 1"),
        ("exception", "held after Pump.ttsc__stroke: breakpoint 1"),
    ],
)
def test_f9_holds_after_the_run_that_did_it(run_studio: Any, script: Any, program: str, kind: str, says: str) -> None:
    def steps(person: Any) -> Steps:
        yield lambda: any(person.live.log[at].level == "error" for at in range(len(person.live.log)))
        person.bench.selection.select(_choose_thing(person, kind))
        person.press(Qt.Key.Key_F9)
        [point] = person.bench.session.breakpoints.all
        assert point.terms[0].kind == kind

        yield lambda: _is_held(person)
        assert person.live.target.sentence.endswith(says)
        yield lambda: person.bench.selection.thing == Thing("run", person.live.hit.run)
        run = person.live.run_of(person.live.hit.run)
        assert person.live.names.sparkle(run.sparkle) == "ttsc__stroke"

    run_studio(steps, script(program))


@both
def test_a_rule_is_written_in_the_form_and_holds(run_studio: Any, script: Any, program: str) -> None:
    def steps(person: Any) -> Steps:
        yield lambda: _run_of(person, "ttsc__stroke")
        person.bench.selection.select(Thing("run", _run_of(person, "ttsc__stroke")))
        person.press(Qt.Key.Key_F9, CTRL)
        yield lambda: person.bench.breaking.dialog is not None and person.bench.breaking.dialog.isVisible()
        dialog = person.bench.breaking.dialog
        assert dialog.forms[0].what.text() == "ttsc__stroke"
        person.click(dialog.more)
        condition = dialog.forms[1].what
        condition.setFocus()
        QTest.keyClicks(condition, "self.level % 10 == 9")
        assert "runs code in the app" in dialog.forms[1].note.text()
        assert dialog.sentence.text() == "Pump.ttsc__stroke and self.level % 10 == 9"
        person.click(dialog.buttons.button(QDialogButtonBox.StandardButton.Ok))

        yield lambda: _is_held(person)
        yield lambda: person.live.store.get(next(iter(person.live.store)), "pump/level").new.endswith("9")

    run_studio(steps, script(program))


@pytest.mark.parametrize(
    "term, says",
    [
        (Term("sender", "ttse__on_timer", cls="Pump"), "held at Pump.ttsc__stroke: breakpoint 1"),
        (Term("condition", "self.level >= 12", cls="Pump"), ": breakpoint 1"),
        (Term("duration", cls="Pump", longer_than_ns=1), ": breakpoint 1"),
    ],
)
@both
def test_other_kinds_hold_too(run_studio: Any, script: Any, program: str, term: Term, says: str) -> None:
    def steps(person: Any) -> Steps:
        yield lambda: _run_of(person, "ttsc__stroke")
        person.press(Qt.Key.Key_F9, CTRL | Qt.KeyboardModifier.ShiftModifier)
        yield lambda: person.bench.breaking.dialog is not None and person.bench.breaking.dialog.isVisible()
        dialog = person.bench.breaking.dialog
        form = dialog.forms[0]
        form.kind.setCurrentIndex(form.kind.findData(term.kind))
        for line, text in ((form.what, term.what), (form.cls, term.cls)):
            if line.isVisible():
                line.setFocus()
                line.selectAll()
                QTest.keyClicks(line, text)
        if term.longer_than_ns:
            form.longer.setValue(0.001)
        QTest.keyClick(dialog, Qt.Key.Key_Return)

        yield lambda: _is_held(person)
        assert person.live.target.sentence.endswith(says)

    run_studio(steps, script(program))


def test_f9_in_the_source_is_about_the_handler_at_the_caret(run_studio: Any, script: Any) -> None:
    def steps(person: Any) -> Steps:
        yield lambda: _run_of(person, "ttsc__stroke")
        file = person.live.target.script
        line = next(n for n, text in enumerate(Path(file).read_text().splitlines(), 1) if "self.level += 1" in text)
        person.bench.open_source(file, line)
        person.panel("editor")
        person.bench.open_source(file, line)
        yield person.bench.source_has_focus
        yield person.bench.actions_of_commands.action("breakpoints.toggle").isEnabled
        person.press(Qt.Key.Key_F9)

        assert [point.terms for point in person.bench.session.breakpoints.all] == [
            (Term("sparkle", "ttsc__stroke", "Pump"),)
        ]
        yield lambda: _is_held(person)
        assert person.live.target.sentence == "held at Pump.ttsc__stroke: breakpoint 1"
        yield lambda: person.panel("editor").page().breakpoints

        person.bench.open_source(file, 1)
        yield person.bench.source_has_focus
        person.press(Qt.Key.Key_F9)
        assert person.sentence == NO_HANDLER
        assert len(person.bench.session.breakpoints.all) == 1

    run_studio(steps, script(THREADS))


def test_a_faulty_condition_is_said_and_switched_off(run_studio: Any, script: Any) -> None:
    def steps(person: Any) -> Steps:
        yield lambda: _run_of(person, "ttsc__stroke")
        points = person.bench.session.breakpoints
        person.bench.selection.select(Thing("run", _run_of(person, "ttsc__stroke")))
        person.press(Qt.Key.Key_F9, CTRL)
        yield lambda: person.bench.breaking.dialog is not None
        dialog = person.bench.breaking.dialog
        person.click(dialog.more)
        QTest.keyClicks(dialog.forms[1].what, "self.levle")
        QTest.keyClick(dialog, Qt.Key.Key_Return)

        yield lambda: points.hits_of(1).is_fault
        panel = person.panel("breakpoints")
        yield lambda: panel.rows == [("1  Pump.ttsc__stroke and self.levle  (off)", "holds", "fault")]
        assert not points.all[0].enabled
        assert "has no attribute 'levle'" in panel.note.text()
        assert _runs(person)

    run_studio(steps, script(THREADS))


def test_a_restarted_app_does_not_run_past_a_breakpoint_at_its_start(run_studio: Any, script: Any) -> None:
    def steps(person: Any) -> Steps:
        yield lambda: _run_of(person, "ttse__on_start")
        person.bench.selection.select(Thing("run", _run_of(person, "ttse__on_start")))
        person.press(Qt.Key.Key_F9)
        person.press(Qt.Key.Key_F5, CTRL | Qt.KeyboardModifier.ShiftModifier)

        yield lambda: _is_held(person)

        assert person.live.target.sentence == "held at Pump.ttse__on_start: breakpoint 1"
        assert not _run_of(person, "ttse__on_start")

    run_studio(steps, script(THREADS))


def _set_one(person: Any) -> Steps:
    """Set a breakpoint on the sparkle of a run, and wait until it is met."""
    yield lambda: _run_of(person, "ttsc__stroke")
    person.bench.selection.select(Thing("run", _run_of(person, "ttsc__stroke")))
    person.press(Qt.Key.Key_F9)
    yield lambda: _is_held(person)


def _find_it(person: Any) -> Steps:
    """The same breakpoint is met without anybody setting it."""
    yield lambda: _is_held(person)
    assert person.live.target.sentence == "held at Pump.ttsc__stroke: breakpoint 1"


def test_breakpoints_of_a_script_are_there_again_when_the_studio_is(run_studio: Any, script: Any) -> None:
    path = script(THREADS)

    run_studio(_set_one, path)
    run_studio(_find_it, path)


def test_an_app_that_is_attached_to_anew_has_its_breakpoints_again(run_studio: Any, script: Any) -> None:
    with running(script(THREADS)) as app:
        run_studio(_set_one, "--attach", str(app.pid))
        run_studio(_find_it, "--attach", str(app.pid))


def test_the_panel_switches_edits_and_removes_by_keys_and_mouse(run_studio: Any, script: Any) -> None:
    def steps(person: Any) -> Steps:
        yield lambda: _run_of(person, "ttsc__stroke")
        points = person.bench.session.breakpoints
        person.bench.selection.select(Thing("run", _run_of(person, "ttsc__stroke")))
        person.press(Qt.Key.Key_F9)
        yield lambda: _is_held(person)
        person.press(Qt.Key.Key_B, CTRL)
        panel = person.bench.area.dock("breakpoints").widget()
        yield panel.table.isVisible
        box = panel.table.visualItemRect(panel.table.item(0, 0))
        person.click(panel.table.viewport(), QPoint(box.left() + 10, box.center().y()))
        assert not points.all[0].enabled
        panel.table.setFocus()
        person.press(Qt.Key.Key_Space)
        assert points.all[0].enabled
        person.press(Qt.Key.Key_Return)
        yield lambda: person.bench.breaking.dialog is not None
        person.click(person.bench.breaking.dialog.log)
        QTest.keyClick(person.bench.breaking.dialog, Qt.Key.Key_Return)
        assert points.all[0].log
        yield lambda: person.bench.breaking.dialog is None
        person.window.activateWindow()
        yield person.window.isActiveWindow
        person.press(Qt.Key.Key_F5)
        yield lambda: points.hits_of(1).count > 3 and _runs(person)
        panel.table.setFocus()
        person.press(Qt.Key.Key_Delete)

        assert points.all == ()

    run_studio(steps, script(THREADS))


def test_what_it_would_have_hit_in_the_past_is_listed_with_a_way_there(run_studio: Any, script: Any) -> None:
    def steps(person: Any) -> Steps:
        yield lambda: person.live.transitions and len(person.live.transitions) > 3
        cls = person.live.essences.get(_pump(person)).cls
        person.bench.selection.select(Thing("state", (cls, person.live.names.states(cls).index("full"))))
        person.press(Qt.Key.Key_F9)
        yield lambda: _is_held(person)
        panel = person.panel("breakpoints")
        yield lambda: panel.rows
        person.bench.run("breakpoints.try_on_past")
        yield lambda: panel.past.trial is not None and panel.past.trial.is_done
        count = panel.past.trial.count
        assert count >= 2
        assert f"would have hit {count} times, here" in panel.past.title.text()
        row = panel.past.list.visualItemRect(panel.past.list.item(0))
        person.click(panel.past.list.viewport(), row.center())

        assert person.bench.selection.time == panel.past.trial.found[0].n
        assert person.bench.panel_context.known().state_name(_pump(person)) == "full"

    run_studio(steps, script(THREADS))


def test_a_qt_app_is_tried_on_its_past_asked_who_listens_and_restarted(run_studio: Any, script: Any) -> None:
    listening = QT.replace(
        "            self.bind(ttTimerRepeat",
        '            self.store.subscribe("pump/*", self.ttse__on_level, ignore_source=self.id)\n            self.bind(ttTimerRepeat',
    ).replace(
        "        def ttse__on_error",
        "        def ttse__on_level(self, changes):\n            pass\n\n        def ttse__on_error",
    )

    def steps(person: Any) -> Steps:
        yield lambda: len(person.live.transitions) > 3
        cls = person.live.essences.get(_pump(person)).cls
        person.bench.selection.select(Thing("state", (cls, person.live.names.states(cls).index("full"))))
        person.press(Qt.Key.Key_F9)
        yield lambda: _is_held(person)
        panel = person.panel("breakpoints")
        yield lambda: panel.rows
        person.bench.run("breakpoints.try_on_past")
        yield lambda: panel.past.trial is not None and panel.past.trial.is_done
        assert panel.past.trial.count >= 2

        store = next(iter(person.live.store))
        person.bench.selection.select(Thing("store", (store, "pump/level")))
        detail = person.panel("store").detail
        person.click(detail.as_listeners)  # of a held app, which answers all the same
        yield lambda: detail.listeners.model.count == 1
        assert detail.listeners.model.entry(0).texts == ("pump", "ttse__on_level", "pump/*", "not its own changes")

        before = person.live.target.pid
        person.press(Qt.Key.Key_F5, CTRL | Qt.KeyboardModifier.ShiftModifier)
        yield lambda: person.live.target.pid not in (0, before) and _is_held(person)
        assert person.live.essences.get(_pump(person)).state == person.live.names.states(cls).index("full")

    run_studio(steps, script(listening))


def test_the_inspector_tells_the_breakpoints_of_a_tonic_and_opens_their_form(run_studio: Any, script: Any) -> None:
    def steps(person: Any) -> Steps:
        yield lambda: _run_of(person, "ttsc__stroke")
        points = person.bench.session.breakpoints
        person.bench.selection.select(Thing("run", _run_of(person, "ttsc__stroke")))
        person.press(Qt.Key.Key_F9)
        yield lambda: _is_held(person) and points.hits_of(1).count == 1
        person.press(Qt.Key.Key_2, CTRL)
        inspector = person.bench.area.dock("inspector").widget()
        yield inspector.tree.isVisible
        person.bench.selection.select(Thing("essence", _pump(person)))
        key = ("breakpoints", "breakpoint 1")
        yield lambda: inspector.model.index_of(key, 2).data() == "on, 1 hit"
        value = inspector.model.index_of(key, 1)
        assert value.data() == "Pump.ttsc__stroke"

        inspector.tree.scrollTo(value)
        person.click(inspector.tree.viewport(), inspector.tree.visualRect(value).center())
        yield lambda: person.bench.breaking.dialog is not None
        person.click(person.bench.breaking.dialog.log)
        QTest.keyClick(person.bench.breaking.dialog, Qt.Key.Key_Return)

        yield lambda: inspector.model.index_of(key, 2).data() == "on, 1 hit, only says so"
        assert points.all[0].log

    run_studio(steps, script(THREADS))
