"""One selection and one time over all panels, by mouse and keys, on a real app and on a recorded run of one."""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QToolButton

from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.timeline import RunRow
from tasktonic_studio.ui.panels.store.arrangement import StoreKey

from .test_main_job import essence_named, row_of

Steps = Generator[Callable[[], Any], None, None]
Key = Qt.Key
ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier

MOST_STEPS = 10
"""In so many changes a pump closes."""
DOOR = str(Path(__file__).parents[1] / "data" / "traces" / "door.ttt")
PUMPS = """
    from tasktonic import *


    class Pump(ttTonic):
        def ttse__on_start(self):
            self.store = self.bind(ttStore)
            self.level = 0
            self.to_state("closed")

        def ttse_closed__on_enter(self):
            self.bind(ttTimerSingleShot, seconds=0.03, name="turn")

        def ttse_closed__on_turn(self, info):
            self.level += 1
            self.store.set(f"{self.name}/level", self.level)
            self.log(f"level {self.level}")
            self.to_state("open")

        def ttse_open__on_enter(self):
            self.bind(ttTimerSingleShot, seconds=0.03, name="turn")

        def ttse_open__on_turn(self, info):
            self.to_state("closed")


    class Plant(ttFormula):
        def creating_formula(self):
            return {"tasktonic/log/to": "off"}

        def creating_starting_tonics(self):
            for name in ("north", "south"):
                Pump(name=name)


    Plant()
    """


def widget_of(person: Any, panel: str) -> Any:
    return person.bench.area.dock(panel).widget()


def turns(person: Any, essence: int) -> list[RunRow]:
    """The runs in which a pump wrote its level and opened, in order; each has said a line."""
    log = person.live.log
    lines = [log[at] for at in range(log.first, len(log)) if log[at].essence == essence and log[at].run]
    return [run for line in lines if (run := person.live.run_of(line.run)) is not None]


def ledger_state(person: Any, name: str) -> str:
    """What the ledger says about the state of a tonic."""
    tree = widget_of(person, "ledger").tree
    index = tree.indexAt(row_of(tree, name))
    return str(index.siblingAtColumn(1).data())


def store_value(person: Any, path: str) -> str:
    """What the store panel says about a path."""
    model, store = widget_of(person, "store").model, next(iter(person.live.store))
    return str(model.index_of(StoreKey(store, path), 1).data())


def click_row(person: Any, table: Any, row: int) -> None:
    shown = next(column for column in range(table.model().columnCount()) if not table.isColumnHidden(column))
    index = table.model().index(row, shown)
    table.scrollTo(index)
    person.click(table.viewport(), table.visualRect(index).center())


def test_what_is_selected_in_one_panel_is_selected_in_every_other(run_studio: Any, script: Any) -> None:
    def steps(person: Any) -> Steps:
        yield lambda: person.live.target.status == "running" and len(person.live.runs) > 60
        person.press(Key.Key_F6)
        yield lambda: person.live.target.status == "held"
        person.press(Key.Key_3, ALT)
        ledger, inspector = widget_of(person, "ledger"), widget_of(person, "inspector")
        timeline, trace = widget_of(person, "timeline"), widget_of(person, "trace")
        yield lambda: all(panel.isVisible() for panel in (ledger, inspector, timeline, trace))
        yield lambda: timeline.model.index.taken == len(person.live.runs) == trace.table.model().rowCount()
        north, south = essence_named(person, "north"), essence_named(person, "south")

        person.click(ledger.tree.viewport(), row_of(ledger.tree, "north"))
        yield lambda: inspector.heading.title.whole == "north"
        assert timeline.lanes.over.selected_essence == north
        assert person.bench.is_enabled("state_machine.show")

        run = turns(person, south)[-1]
        click_row(person, trace.table, run.row)
        yield lambda: timeline.lanes.over.chain is not None and timeline.lanes.over.chain.run.run == run.run
        assert person.bench.selection.thing == Thing("run", run.run)
        assert "on_turn" in inspector.heading.title.whole

        other = turns(person, north)[-1]
        timeline.time.fit(other.begin_ns - 1_000_000, other.end_ns + 1_000_000)
        person.click(timeline.lanes.viewport(), timeline.lanes.point_of(other))
        yield lambda: [trace.model.run_at(row) for row in trace.table.selected_rows()] == [other.run]

        person.press(Key.Key_3, CTRL)
        log = widget_of(person, "log")
        yield log.isVisible
        line = next(at for at in range(len(person.live.log)) if person.live.log[at].run == run.run)
        click_row(person, log.table, line)
        yield lambda: timeline.lanes.over.chain is not None and timeline.lanes.over.chain.run.run == run.run

        person.press(Key.Key_9, CTRL)
        machine = widget_of(person, "state_machine")
        yield lambda: machine.isVisible() and "south" in machine.heading.whole

    run_studio(steps, script(PUMPS))


def test_going_back_shows_ledger_store_and_states_as_they_were(run_studio: Any, script: Any) -> None:
    def steps(person: Any) -> Steps:
        person.press(Key.Key_1, ALT)
        yield lambda: len(turns(person, essence_named(person, "north"))) > 4
        for key in (Key.Key_7, Key.Key_2, Key.Key_4):
            person.press(key, CTRL)
        ledger, trace = widget_of(person, "ledger"), widget_of(person, "trace")
        inspector = widget_of(person, "inspector")
        yield lambda: trace.isVisible() and inspector.isVisible()
        north = essence_named(person, "north")
        second = turns(person, north)[1]

        # Pick a run in the trace while all stands still, look at its moment, and let the app go on meanwhile.
        person.press(Key.Key_F6)
        yield lambda: person.live.target.status == "held"
        yield lambda: trace.table.model().rowCount() == len(person.live.runs)
        click_row(person, trace.table, second.row)
        assert person.bench.selection.thing == Thing("run", second.run)
        person.press(Key.Key_Home, ALT)
        assert person.bench.selection.time == second.n + 1
        yield lambda: store_value(person, "north/level") == "2"
        person.press(Key.Key_F5)
        runs = len(person.live.runs)
        yield lambda: len(person.live.runs) > runs + 10
        assert store_value(person, "north/level") == "2"
        assert trace.table.model().rowCount() == second.row + 1
        person.press(Key.Key_1, CTRL)
        yield ledger.isVisible
        assert ledger_state(person, "north") == "open"

        # The tonic itself, and back to its change before: then it was closed, and the level was 1.
        person.click(ledger.tree.viewport(), row_of(ledger.tree, "north"))
        yield lambda: inspector.heading.title.whole == "north"
        assert inspector.heading.kind.whole == "Pump · open"
        for _ in range(MOST_STEPS):
            if person.bench.panel_context.known().state_name(north) == "closed":
                break
            person.press(Key.Key_BracketLeft)
        yield lambda: inspector.heading.kind.whole == "Pump · closed"
        assert ledger_state(person, "north") == "closed"
        person.press(Key.Key_7, CTRL)
        yield lambda: store_value(person, "north/level") in ("1", "2")

        # And live again, from the strip.
        pill = person.window.findChild(QPushButton, "pill")
        assert pill.text().endswith("ago")
        pill.setFocus()
        person.press(Key.Key_End)
        yield lambda: int(store_value(person, "north/level")) > 4
        assert person.bench.selection.time is None

    run_studio(steps, script(PUMPS))


def test_the_slowest_sparkle_of_a_file_is_three_clicks_away(run_studio: Any) -> None:
    def steps(person: Any) -> Steps:
        yield lambda: person.live.target.status == "ended"
        runs = person.live.runs.rows(0, len(person.live.runs))
        slowest = max(runs, key=lambda run: run.end_ns - run.begin_ns)
        timeline = widget_of(person, "timeline")
        analyse = next(
            it for it in person.window.findChildren(QToolButton) if it.accessibleName() == "Arrange for Analyse"
        )

        person.click(analyse)
        yield lambda: timeline.isVisible() and timeline.model.index.taken == len(runs)
        person.click(timeline.bar.sum)
        totals = timeline.area.table
        yield lambda: not timeline.area.is_busy and totals.model().rowCount() > 1

        first = timeline.area.table_model.totals[0]
        assert (first.essence, first.sparkle) == (slowest.essence, slowest.sparkle)
        assert str(totals.model().index(0, 1).data()) == person.live.names.sparkle(slowest.sparkle)
        click_row(person, totals, 0)
        assert person.bench.selection.thing == Thing("run", slowest.run)

    run_studio(steps, DOOR)
