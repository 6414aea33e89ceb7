"""What all panels that show a list have in common: the line above, pages without rows, pin, files, and what they keep."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.session import Session
from tasktonic_studio.ui.list_panel import ListPanel
from tasktonic_studio.ui.panels.catalysts.panel import CatalystsPanel
from tasktonic_studio.ui.panels.ledger.panel import LedgerPanel
from tasktonic_studio.ui.panels.log.panel import LogPanel
from tasktonic_studio.ui.panels.problems.panel import ProblemsPanel
from tasktonic_studio.ui.panels.store.panel import StorePanel
from tasktonic_studio.ui.panels.trace.panel import TracePanel
from tasktonic_studio.ui.widgets import save_file
from tests.helpers.builders import a_session_with_plant, plant_of
from tests.helpers.panel_stand import MakeStand, PanelStand

LEFT = Qt.MouseButton.LeftButton
SAVING = (LedgerPanel, LogPanel, TracePanel, StorePanel, ProblemsPanel)
PANELS = (*SAVING, CatalystsPanel)


@pytest.fixture(params=PANELS, ids=lambda kind: str(kind.id))
def kind(request: pytest.FixtureRequest) -> type[ListPanel]:
    """Each kind of panel in turn."""
    chosen: type[ListPanel] = request.param
    return chosen


@pytest.fixture
def make_stand(qtbot: QtBot) -> MakeStand:
    """Make a panel on screen, on a session that watches a lively plant."""

    def make(
        kind: type[ListPanel], width: int = 600, theme: str = "dark", session: Session | None = None
    ) -> PanelStand:
        stand = PanelStand(kind(), session if session is not None else a_session_with_plant(), theme)
        qtbot.addWidget(stand.widget)
        stand.show(width, 400)
        return stand

    return make


def rows(stand: PanelStand) -> int:
    return int(stand.view.model.rowCount())


def typed(stand: PanelStand, qtbot: QtBot, text: str) -> None:
    """Type into the search line, and wait until it was looked for."""
    stand.view.search.setFocus()
    stand.view.search.selectAll()
    qtbot.keyClicks(stand.view.search, text)
    qtbot.keyClick(stand.view.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not any(word in stand.view.counts.text() for word in ("searched", "so far")))


@pytest.mark.parametrize("width", [300, 360, 420, 500, 700])
def test_the_hint_is_never_cut(make_stand: MakeStand, kind: type[ListPanel], width: int) -> None:
    view = make_stand(kind, width).view

    hint = view.search.placeholderText()
    assert hint.startswith("Filter: ")
    assert view.search.fontMetrics().horizontalAdvance(hint) <= view.search.room_px()


@pytest.mark.parametrize("theme", ["light", "contrast"])
def test_all_controls_are_whole_at_300_px(make_stand: MakeStand, kind: type[ListPanel], theme: str) -> None:
    view = make_stand(kind, 300, theme).view

    assert view.width() == 300
    shown = [it for it in view.bar.children() if isinstance(it, QWidget) and it.isVisible()]
    assert len(shown) >= 3
    for one in shown:
        assert view.bar.rect().contains(one.geometry()), one
        assert one is view.search or one.width() >= one.sizeHint().width(), one


def test_where_nothing_matches_all_say_the_same(make_stand: MakeStand, kind: type[ListPanel], qtbot: QtBot) -> None:
    stand = make_stand(kind)
    before = rows(stand)

    typed(stand, qtbot, "nosuchthing")

    page = stand.view.nothing_found
    assert page.isVisible()
    assert page.accessibleName() == "Nothing matches"
    assert page.accessibleDescription().startswith("None of ")
    assert f" {stand.view.ONE}" in page.accessibleDescription()
    assert page.accessibleDescription().endswith(" passes the filter.")
    (button,) = [it for it in page.findChildren(QPushButton) if it.isVisible()]
    assert button.text() == "Show all"
    qtbot.mouseClick(button, LEFT)
    assert (stand.view.search.text(), rows(stand)) == ("", before)
    assert stand.view.focus_target.hasFocus()


def test_at_a_moment_before_anything_it_is_not_said_that_nothing_came(
    make_stand: MakeStand, kind: type[ListPanel]
) -> None:
    stand = make_stand(kind)
    first = stand.session.live.app.first_n + 1

    stand.selection.look_at(first)

    page = stand.view.nothing_yet
    assert rows(stand) == 0
    assert page.isVisible()
    assert page.accessibleDescription() == (
        "Nothing of this was there by the moment that is shown. Alt+End goes to the latest one."
    )


def test_a_filter_is_counted_as_so_many_of_all(make_stand: MakeStand, kind: type[ListPanel], qtbot: QtBot) -> None:
    stand = make_stand(kind)

    typed(stand, qtbot, "worker" if kind is CatalystsPanel else "pump")

    shown, of, total = stand.view.counts.text().partition(" of ")
    assert of
    assert 0 < int(shown) <= int(total)


def test_a_pinned_panel_stays_at_its_moment_and_an_open_one_follows(
    make_stand: MakeStand, kind: type[ListPanel], qtbot: QtBot
) -> None:
    stand = make_stand(kind)
    plant = plant_of(stand.session)
    stand.selection.look_at(40)
    qtbot.mouseClick(stand.view.pin, LEFT)

    stand.selection.look_at(None)
    stand.selection.select(Thing("essence", plant.pumps[0]))
    QApplication.processEvents()
    pinned = stand.view._known.n
    qtbot.mouseClick(stand.view.pin, LEFT)

    assert pinned == 40
    assert stand.view._known is stand.session.live


def test_a_panel_pinned_live_goes_on_while_another_looks_back(make_stand: MakeStand, qtbot: QtBot) -> None:
    stand = make_stand(LogPanel)
    qtbot.mouseClick(stand.view.pin, LEFT)
    stand.selection.look_at(40)
    plant = plant_of(stand.session)
    before = rows(stand)

    plant.write.log(plant.pumps[0], "still here")
    stand.feed(plant.write.take())

    assert rows(stand) == before + 1


def test_the_trace_of_one_tonic_stays_with_it_when_pinned(make_stand: MakeStand, qtbot: QtBot) -> None:
    stand = make_stand(TracePanel)
    plant = plant_of(stand.session)
    stand.selection.select(Thing("essence", plant.pumps[0]))
    qtbot.mouseClick(stand.view.only, LEFT)
    of_pump = rows(stand)
    qtbot.mouseClick(stand.view.pin, LEFT)

    stand.selection.select(Thing("essence", plant.plant))
    while_pinned = rows(stand)
    qtbot.mouseClick(stand.view.pin, LEFT)

    assert while_pinned == of_pump
    assert rows(stand) != of_pump


# ---- files ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def save_as(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Answer the question for a file."""
    file = tmp_path / "saved"
    monkeypatch.setattr(save_file, "file_to_save", lambda *_: str(file))
    return file


def saved(stand: PanelStand, qtbot: QtBot, command: str, file: Path) -> str:
    """Run a command that saves, and read what it wrote."""
    with qtbot.waitSignal(stand.view.saving.ended):
        stand.run(command)
    qtbot.waitUntil(stand.view.problem.isVisible)
    assert stand.view.problem.text() == f"Saved {file}."
    assert stand.view.problem.property("role") == "muted"
    with file.open(encoding="utf-8", newline="") as written:
        return written.read()


def test_the_trace_is_saved_as_csv(make_stand: MakeStand, qtbot: QtBot, save_as: Path) -> None:
    stand = make_stand(TracePanel)
    typed(stand, qtbot, "ttsc__open tonic:pump")

    table = list(csv.DictReader(saved(stand, qtbot, "trace.save_csv", save_as).splitlines()))

    assert len(table) == rows(stand) > 0
    assert {row["sparkle"] for row in table} == {"ttsc__open"}
    assert {row["class"] for row in table} == {"Pump"}
    first = stand.session.live.runs.row(int(stand.view.model.item(0)))
    assert int(table[0]["run"]) == first.run
    assert float(table[0]["took_seconds"]) == pytest.approx((first.end_ns - first.begin_ns) / 1e9)


def test_the_log_is_saved_as_text_with_tracebacks(make_stand: MakeStand, qtbot: QtBot, save_as: Path) -> None:
    stand = make_stand(LogPanel)

    lines = saved(stand, qtbot, "log.save_text", save_as).splitlines()

    assert len([line for line in lines if "\t" in line]) == rows(stand)
    assert "Traceback (most recent call last):" in lines
    assert any(line.endswith("\tPlant ready.") for line in lines)


def test_the_ledger_is_saved_as_csv_by_its_filter(make_stand: MakeStand, qtbot: QtBot, save_as: Path) -> None:
    stand = make_stand(LedgerPanel)
    typed(stand, qtbot, "type:Pump")

    table = list(csv.DictReader(saved(stand, qtbot, "ledger.save_csv", save_as).splitlines()))

    known = stand.session.live
    assert {row["class"] for row in table} == {"Pump"}
    assert len(table) == stand.view.model.matches
    facts = known.essences.get(int(table[0]["id"]))
    assert facts is not None
    assert (table[0]["name"], table[0]["above"], int(table[0]["sparkles"])) == (facts.name, "plant", facts.sparkles)


@pytest.mark.parametrize("kind", SAVING, ids=lambda kind: str(kind.id))
def test_with_nothing_listed_nothing_can_be_saved(qtbot: QtBot, kind: type[ListPanel]) -> None:
    stand = PanelStand(kind())
    qtbot.addWidget(stand.widget)
    stand.show()

    saving = [it for it in stand.registry.all() if it.icon == "export"]
    assert saving
    assert not any(command.enabled_when(stand.command_context) for command in saving)


# ---- what is kept ---------------------------------------------------------------------------------------------------------


def test_filter_and_switches_are_kept(make_stand: MakeStand, kind: type[ListPanel], qtbot: QtBot) -> None:
    first = make_stand(kind)
    typed(first, qtbot, "pump")
    for switch in first.view.bar.switches[-1:]:
        qtbot.mouseClick(switch, LEFT)

    second: Any = make_stand(kind, session=first.session)
    second.panel.restore_state(json.loads(json.dumps(first.panel.save_state())))
    qtbot.waitUntil(lambda: second.view.counts.text() == first.view.counts.text())

    assert second.view.search.text() == "pump"
    assert [it.isChecked() for it in second.view.bar.switches] == [it.isChecked() for it in first.view.bar.switches]


def test_what_another_version_kept_does_no_harm(make_stand: MakeStand, kind: type[ListPanel]) -> None:
    stand = make_stand(kind)
    before = rows(stand)

    stand.panel.restore_state({"columns": 3, "filter": ["x"], "switches": 7, "levels": ["log"]})

    assert rows(stand) == before
