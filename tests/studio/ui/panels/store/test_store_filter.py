"""The filter of the store panel, and the file that the rows are saved in, with a filter or without."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tasktonic_studio.ui.widgets import save_file
from tests.helpers.builders import SECOND
from tests.helpers.panel_stand import MakeStand, PanelStand
from tests.studio.ui.panels.store.acting import Shelf, rows, typed

# ---- the filter -----------------------------------------------------------------------------------------------------------


def test_a_filter_finds_paths_by_words(make_stand: MakeStand, qtbot: QtBot) -> None:
    shelf = Shelf("house/lamp", "house/door", "garden/lamp")
    stand = make_stand(shelf.session)

    typed(stand, qtbot, "lamp")

    assert rows(stand) == ["garden/lamp", "house/lamp"]
    assert stand.view.counts.text() == "2 of 3"


def test_a_filter_for_removed_paths_shows_what_they_were(make_stand: MakeStand, qtbot: QtBot) -> None:
    shelf = Shelf("a", "b")
    shelf.remove("a")
    shelf.session.apply_events(shelf.session.live.n, shelf.write.take())
    stand = make_stand(shelf.session)

    typed(stand, qtbot, "removed:")

    assert rows(stand, "value") == [("a", "removed")]


def test_what_fits_a_filter_by_now_comes_in_and_what_does_not_goes(make_stand: MakeStand, qtbot: QtBot) -> None:
    shelf = Shelf("a", "b")
    stand = make_stand(shelf.session)
    typed(stand, qtbot, "value:7")
    assert stand.view.nothing_found.isVisible()

    shelf.put("b", "7", "1")
    stand.feed(shelf.write.take())
    assert rows(stand) == ["b"]

    shelf.put("b", "8", "7")
    stand.feed(shelf.write.take())
    assert rows(stand) == []


def test_time_alone_takes_old_changes_out_of_the_filter(make_stand: MakeStand, qtbot: QtBot) -> None:
    shelf = Shelf("a")
    stand = make_stand(shelf.session)
    typed(stand, qtbot, "changed:5s")
    assert rows(stand) == ["a"]

    shelf.write.wait(6 * SECOND)
    shelf.write.log(shelf.boss, "later")
    stand.feed(shelf.write.take())
    stand.view._show_ages()

    assert rows(stand) == []


def test_more_found_than_anybody_reads_is_counted(make_stand: MakeStand, qtbot: QtBot) -> None:
    stand = make_stand(Shelf(*[f"sensor{number}" for number in range(1_200)]).session)

    typed(stand, qtbot, "sensor")

    assert stand.view.counts.text() == "1\u202f200 of 1\u202f200, the first 1\u202f000 shown"
    assert stand.view.model.rowCount() == 1_000


def test_escape_clears_the_filter(make_stand: MakeStand, qtbot: QtBot) -> None:
    stand = make_stand(Shelf("a", "b").session)
    typed(stand, qtbot, "a")

    stand.panel.find()
    qtbot.keyClick(stand.view.search, Qt.Key.Key_Escape)

    assert rows(stand) == ["store", "  a", "  b"]


def test_a_filter_that_is_not_understood_says_why(make_stand: MakeStand, qtbot: QtBot) -> None:
    stand = make_stand(Shelf("a").session)

    typed(stand, qtbot, "changed:soon")

    assert stand.view.problem.text() == "'changed:' wants a time such as 'changed:5s' or 'changed:200ms'."


# ---- files ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def save_as(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], Path]:
    """Answer the question for a file with this name in a folder of the test."""

    def answer(name: str) -> Path:
        monkeypatch.setattr(save_file, "file_to_save", lambda *_: str(tmp_path / name))
        return tmp_path / name

    return answer


def exported(stand: PanelStand, qtbot: QtBot, command: str) -> str:
    with qtbot.waitSignal(stand.view.saving.ended):
        stand.run(command)
    qtbot.waitUntil(lambda: not stand.view.bar.cancel.isVisible())
    text: str = stand.view.problem.text()
    return text


def test_the_values_are_saved_as_csv(make_stand: MakeStand, qtbot: QtBot, save_as: Callable[[str], Path]) -> None:
    shelf = Shelf("a")
    shelf.put("odd, path", "=1+1", type_="str")
    shelf.session.apply_events(shelf.session.live.n, shelf.write.take())
    stand = make_stand(shelf.session)
    file = save_as("store.csv")

    sentence = exported(stand, qtbot, "store.export_csv")

    table = list(csv.DictReader(file.read_text().splitlines()))
    assert sentence == f"Saved {file}."
    assert stand.view.problem.property("role") == "muted"
    assert [(row["path"], row["value"], row["writer"], row["seconds"]) for row in table] == [
        ("a", "1", "boss", "0.0"),
        ("odd, path", "'=1+1", "boss", "2e-05"),
    ]


def test_with_a_filter_only_what_it_found_is_saved(
    make_stand: MakeStand, qtbot: QtBot, save_as: Callable[[str], Path]
) -> None:
    stand = make_stand(Shelf("a", "b").session)
    typed(stand, qtbot, "b")
    file = save_as("store.json")

    exported(stand, qtbot, "store.export_json")

    values = json.loads(file.read_text())
    assert [(value["store"], value["path"], value["value"], value["removed"]) for value in values] == [
        ("store", "b", "1", False)
    ]


def test_a_place_that_cannot_be_written_is_told(
    make_stand: MakeStand, qtbot: QtBot, save_as: Callable[[str], Path]
) -> None:
    stand = make_stand(Shelf("a").session)
    file = save_as("none/store.csv")

    assert exported(stand, qtbot, "store.export_csv") == (
        f"{file} could not be written: No such file or directory. Choose another place."
    )
