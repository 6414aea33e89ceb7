"""The trace of a test in the trace panel: what the distiller was asked for, call by call, and the probes of each run."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tasktonic.testing import distill
from tasktonic.testing.building import end_what_is_left
from tasktonic.trace import TraceReader
from tasktonic_studio.session.inbox import BlockArrived, DistilledRead, TargetBegan, TargetStatus
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.session import Session
from tasktonic_studio.ui.panels.inspector.flow_facts import describe_run
from tasktonic_studio.ui.panels.trace.export import csv_of
from tasktonic_studio.ui.panels.trace.model import COLUMNS
from tasktonic_studio.ui.panels.trace.panel import TracePanel
from tests.helpers.builders import a_session_with_plant
from tests.helpers.panel_stand import PanelStand
from tests.helpers.recorded_houses import tested_door
from tests.helpers.scripts_apart import run_pytest
from tests.helpers.services_app import ServicesStand, services

LEFT = Qt.MouseButton.LeftButton
CONTRACT = {"timeout": 59, "tonics": {"door": {"till_state_in": ["alarm"], "probes": ["wrong_codes"]}}}


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Path]:
    """The trace of a door that gets three wrong codes, under a contract that shows how many there were."""
    distiller = distill(settings={"tasktonic/log/to": "off"})
    door = tested_door.make_door(distiller)
    for _ in range(3):
        door.ttsc__enter("0000")
    distiller.sparkle(contract=CONTRACT)
    distiller.sparkle(till_state_in=["locked"])
    yield distiller.finish_distiller().save(tmp_path / "door.ttt")
    end_what_is_left()


def session_of(file: Path) -> Session:
    session = Session()
    with TraceReader(file) as reader:
        blocks = [BlockArrived(data) for _, data in reader.data()]
        calls = DistilledRead(tuple(reader.distilled()))
    session.apply([TargetBegan("file", file=str(file)), calls, *blocks, TargetStatus("ended", "recorded")])
    return session


@pytest.fixture
def stand(kept: Path, qtbot: QtBot) -> PanelStand:
    stand = PanelStand(TracePanel(), session_of(kept))
    qtbot.addWidget(stand.widget)
    stand.show(700, 500)
    return stand


def texts(view: Any, column: str) -> list[str]:
    number = [it.id for it in COLUMNS].index(column)
    return [view.model.index(row, number).data() for row in range(view.model.rowCount())]


def row_of(view: Any, sparkle: str) -> int:
    return texts(view, "sparkle").index(sparkle)


def click_row(stand: PanelStand, qtbot: QtBot, row: int) -> None:
    view = stand.view
    index = view.model.index(row, 2)
    view.table.scrollTo(index)
    qtbot.mouseClick(view.table.viewport(), LEFT, pos=view.table.visualRect(index).center())


def test_the_head_tells_the_last_call_where_nothing_is_selected(stand: PanelStand) -> None:
    head = stand.view.head

    assert head.isVisible()
    assert head.title.text() == "Distiller 4 of 4"
    assert head.asked.whole == "finish_distiller(timeout=0.5)"
    assert head.outcome.whole == "stopped by catalyst finished, after 0 s of the distiller's clock"
    assert not head.fold.isVisible(), "it had no contract"


def test_a_selected_run_shows_the_call_it_ran_in(stand: PanelStand, qtbot: QtBot) -> None:
    head = stand.view.head

    click_row(stand, qtbot, row_of(stand.view, "ttsc__enter"))

    assert head.title.text() == "Distiller 2 of 4"
    assert head.asked.whole == "sparkle(contract)"
    assert head.outcome.whole == "stopped by contract_met; 1 of 1 conditions met, after 0 s of the distiller's clock"
    click_row(stand, qtbot, row_of(stand.view, "ttse__on_calm"))
    assert head.asked.whole == "sparkle(till_state_in=['locked'])"
    assert head.outcome.whole.endswith("after 60 s of the distiller's clock")


def test_the_contract_is_behind_a_fold(stand: PanelStand, qtbot: QtBot) -> None:
    head = stand.view.head
    click_row(stand, qtbot, row_of(stand.view, "ttsc__enter"))
    assert not head.contract.isVisible()

    qtbot.mouseClick(head.fold, LEFT)

    assert head.contract.isVisible()
    assert head.contract.text().splitlines() == [
        "wanted  timeout after 59 s",
        "wanted  door: till state alarm",
        "wanted  door: probes wrong_codes",
        "wanted  stops when 1 of 1 is met",
        "met  door: state: 'alarm'",
    ]


def test_buttons_go_from_call_to_call_and_to_their_moments(stand: PanelStand, qtbot: QtBot) -> None:
    head = stand.view.head
    assert not head.next.isEnabled()

    qtbot.mouseClick(head.previous, LEFT)
    qtbot.mouseClick(head.previous, LEFT)

    assert head.title.text() == "Distiller 2 of 4"
    known = stand.context.known()
    assert known is not stand.session.live
    door = next(it for it in known.essences if known.essences.name(it) == "door")
    assert known.state_name(door) == "alarm"
    thing = stand.selection.thing
    assert thing is not None
    assert thing.kind == "run"
    for _ in range(5):
        head.previous.click()
    assert head.title.text() == "Distiller 1 of 4"
    assert not head.previous.isEnabled()


def test_a_key_reaches_the_buttons(stand: PanelStand, qtbot: QtBot) -> None:
    head = stand.view.head
    head.previous.setFocus()

    qtbot.keyClick(head.previous, Qt.Key.Key_Space)

    assert head.title.text() == "Distiller 3 of 4"
    assert head.previous.accessibleName() == "Previous call of the distiller"


def test_each_run_shows_its_probes_before_and_after(stand: PanelStand) -> None:
    view = stand.view

    probes = [text for text in texts(view, "probes") if text]
    assert probes == ["wrong_codes = 0 → 1", "wrong_codes = 1 → 2", "wrong_codes = 2 → 3"]
    assert not view.table.isColumnHidden([it.id for it in COLUMNS].index("probes"))


def test_the_inspector_shows_the_probes_of_a_run(kept: Path) -> None:
    known = session_of(kept).live
    row = next(run for run in known.runs.rows(0, 99) if known.names.sparkle(run.sparkle) == "ttsc__enter")

    sections = {section.name: section for section in describe_run(known, row).sections}

    (fact,) = sections["Probes"].below
    assert (fact.name, fact.value) == ("wrong_codes", "0 → 1")


def test_the_saved_trace_has_the_probes(kept: Path) -> None:
    known = session_of(kept).live

    rows = list(csv.DictReader(csv_of(known, range(len(known.runs)))))

    assert [row["probes"] for row in rows if row["sparkle"] == "ttsc__enter"] == [
        "wrong_codes = 0 → 1",
        "wrong_codes = 1 → 2",
        "wrong_codes = 2 → 3",
    ]


def test_any_other_run_has_neither_head_nor_probes(qtbot: QtBot) -> None:
    stand = PanelStand(TracePanel(), a_session_with_plant())
    qtbot.addWidget(stand.widget)
    stand.show(900, 500)

    assert not stand.view.head.isVisible()
    assert stand.view.table.isColumnHidden([it.id for it in COLUMNS].index("probes"))


def test_another_target_takes_the_head_away(stand: PanelStand) -> None:
    stand.apply(TargetBegan("launched", script="/somewhere/plant.py"))

    assert not stand.view.head.isVisible()
    assert not stand.session.live.distillation


def test_the_calls_are_known_at_every_moment(kept: Path) -> None:
    session = session_of(kept)

    assert session.at(10).distillation is session.live.distillation
    assert [session.live.distillation.call_at(n) for n in (0, session.live.n)] == [-1, 3]


@pytest.mark.parametrize("theme", ["light", "contrast"])
def test_the_head_is_whole_at_300_px(kept: Path, qtbot: QtBot, theme: str) -> None:
    stand = PanelStand(TracePanel(), session_of(kept), theme)
    qtbot.addWidget(stand.widget)
    stand.show(300, 500)
    stand.selection.select(Thing("run", next(iter(stand.session.live.distillation.calls[1].probes)).run))
    head = stand.view.head

    assert stand.view.width() == 300
    for widget in (head.title, head.fold, head.previous, head.next):
        assert widget.isVisible()
        assert head.rect().contains(widget.geometry())


@pytest.fixture
def running() -> Iterator[ServicesStand]:
    with services() as stand:
        yield stand


@pytest.mark.end_to_end
def test_the_kept_trace_of_a_failed_test_opens_as_any_other_run(running: ServicesStand, tmp_path: Path) -> None:
    test = tmp_path / "test_door.py"
    test.write_text(
        "from tasktonic import ttTonic\n\n\n"
        "class Door(ttTonic):\n"
        "    opened = 0\n\n"
        "    def ttsc__open(self):\n"
        "        self.opened += 1\n\n\n"
        "def test_it_stays_shut(distiller):\n"
        "    Door(name='door').ttsc__open()\n"
        "    contract = {'tonics': {'door': {'stop_on_probe': {'opened': 1}, 'probes': ['opened']}}}\n"
        "    assert distiller.sparkle(contract=contract)['stop_condition'] == ['idle']\n",
        encoding="utf-8",
    )
    ended = run_pytest(test)
    assert ended.returncode == 1, ended.stdout + ended.stderr
    (file,) = (tmp_path / "tasktonic-traces").glob("*.ttt")

    running.requests.open_run(str(file))
    running.until_status("ended")

    known = running.known
    (call, *_) = known.distillation.calls
    assert call.contract == ("door: till opened == 1", "door: probes opened", "stops when 1 of 1 is met")
    assert call.stopped_by == ("contract_met",)
    opened = next(run for run in known.runs.rows(0, 99) if known.names.sparkle(run.sparkle) == "ttsc__open")
    assert known.distillation.probe_words(opened.run) == "opened = 0 → 1"
    assert known.target.how == "file"
    assert known.target.sentence.startswith("recorded in virtual time")
    assert any("class Door" in text for text in known.source_texts.values())
