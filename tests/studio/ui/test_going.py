"""Going somewhere in the window: finding, the palette, the next panel, source, back and forward."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from tasktonic_studio.session.selection import Thing
from tests.helpers.builders import plant_of
from tests.helpers.window_stand import WindowStand


def test_find_reaches_the_panel_that_has_the_focus(plant_stand: WindowStand, qtbot: QtBot) -> None:
    with qtbot.waitActive(plant_stand.window):
        plant_stand.window.activateWindow()
    plant_stand.bench.show_panel("log")

    plant_stand.bench.run("edit.find")

    assert "find" in plant_stand.log.noted
    assert "find" not in plant_stand.ledger.noted


def test_next_panel_goes_round(plant_stand: WindowStand, qtbot: QtBot) -> None:
    with qtbot.waitActive(plant_stand.window):
        plant_stand.window.activateWindow()
    plant_stand.bench.show_panel("ledger")
    seen = []

    for _ in range(3):
        plant_stand.bench.run("view.next_panel")
        seen.append(plant_stand.bench.area._focused)

    assert sorted(seen) == ["inspector", "ledger", "log"]


def test_the_palette_lists_every_command(plant_stand: WindowStand) -> None:
    plant_stand.bench.run("go.commands")

    assert len(plant_stand.bench.palette_box.hits) == len(plant_stand.bench.registry.all())


def test_go_to_anything_finds_a_tonic_and_selects_it(plant_stand: WindowStand) -> None:
    plant_stand.bench.run("go.anything")
    plant_stand.bench.palette_box._line.setText("pump 2")

    plant_stand.bench.palette_box.choose(0)

    assert plant_stand.selection.thing == Thing("essence", plant_of(plant_stand.session).pumps[2])


def test_go_to_anything_opens_the_source_of_a_sparkle(plant_stand: WindowStand) -> None:
    plant_stand.bench.run("go.anything")
    plant_stand.bench.palette_box._line.setText("Pump.ttsc__open")

    plant_stand.bench.palette_box.choose(0)

    assert plant_stand.editor.opened[-1][0].endswith("watch_me.py")


def test_go_to_anything_selects_a_store_path(plant_stand: WindowStand) -> None:
    plant = plant_of(plant_stand.session)
    plant_stand.bench.run("go.anything")
    plant_stand.bench.palette_box._line.setText(f"pumps/{plant.pumps[1]}/level")

    plant_stand.bench.palette_box.choose(0)

    assert plant_stand.selection.thing == Thing("store", (plant.store, f"pumps/{plant.pumps[1]}/level"))


def test_go_to_source_opens_the_class_of_the_selected_tonic(plant_stand: WindowStand) -> None:
    plant_stand.selection.select(Thing("essence", plant_of(plant_stand.session).pumps[0]))

    plant_stand.bench.run("selection.go_to_source")

    file, line = plant_stand.editor.opened[-1]
    assert file.endswith("watch_me.py")
    assert line == plant_stand.session.live.names.classes[2].line


def test_copy_puts_the_name_on_the_clipboard(plant_stand: WindowStand) -> None:
    plant_stand.selection.select(Thing("essence", plant_of(plant_stand.session).pumps[0]))

    plant_stand.bench.run("selection.copy_name")

    assert QGuiApplication.clipboard().text() == "pump 0"


def test_back_and_forward_walk_the_selections(plant_stand: WindowStand) -> None:
    pumps = plant_of(plant_stand.session).pumps
    plant_stand.selection.select(Thing("essence", pumps[0]))
    plant_stand.selection.select(Thing("essence", pumps[1]))

    plant_stand.bench.run("go.back")
    assert plant_stand.selection.thing == Thing("essence", pumps[0])
    plant_stand.bench.run("go.forward")
    assert plant_stand.selection.thing == Thing("essence", pumps[1])


def test_a_catalyst_pill_selects_its_catalyst(plant_stand: WindowStand) -> None:
    plant = plant_of(plant_stand.session)

    plant_stand.bench.strip.catalyst_chosen.emit(plant.worker)

    assert plant_stand.selection.thing == Thing("catalyst", plant.worker)


def test_what_a_panel_makes_possible_can_be_done_as_soon_as_it_is_shown(plant_stand: WindowStand, qtbot: QtBot) -> None:
    shown = plant_stand.bench.actions_of_commands.action("panel.trace")
    plant_stand.bench.area.close_panel("trace")
    qtbot.waitUntil(lambda: not shown.isChecked())

    plant_stand.bench.show_panel("trace")

    assert shown.isChecked(), "in the same turn of the loop: the next key is in it"
