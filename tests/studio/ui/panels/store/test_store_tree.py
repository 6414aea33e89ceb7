"""The tree of paths: which rows there are, how they are grouped, and how they follow what comes, goes and changes."""

from __future__ import annotations

import pytest
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from tasktonic_studio.session.inbox import TargetStatus
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.panels.store.arrangement import StoreKey
from tests.helpers.builders import SECOND
from tests.helpers.panel_stand import MakeStand
from tests.studio.ui.panels.store.acting import Shelf, rows, unfold

# ---- the tree -------------------------------------------------------------------------------------------------------------


def test_the_first_two_levels_are_open(make_stand: MakeStand) -> None:
    stand = make_stand(Shelf("house/lamp/watt", "house/door", "area").session)

    assert rows(stand, "value") == [
        ("store", "3 values"),
        ("  area", "1"),
        ("  house", "2 values"),
        ("    door", "1"),
        ("    lamp", "1 value"),
    ]


def test_a_row_tells_value_type_age_and_writer(make_stand: MakeStand) -> None:
    shelf = Shelf("level")
    shelf.put("level", "7.5", "1", "float")
    shelf.write.wait(3 * SECOND)
    shelf.write.log(shelf.boss, "later")
    shelf.session.apply_events(shelf.session.live.n, shelf.write.take())

    stand = make_stand(shelf.session)

    assert rows(stand, "value", "type", "age", "writer")[1] == ("  level", "7.5", "float", "3\u202fs", "boss")


def test_several_stores_stand_side_by_side(make_stand: MakeStand) -> None:
    shelf = Shelf("a")
    other = shelf.write.born("ttStore", "archive", service="archive")
    shelf.put("b", store=other)
    stand = make_stand(shelf.session)

    stand.feed(shelf.write.take())

    assert rows(stand) == ["store", "  a", "archive", "  b"]


def test_a_new_path_comes_in_at_its_place(make_stand: MakeStand) -> None:
    shelf = Shelf("a/x", "c")
    stand = make_stand(shelf.session)
    shelf.put("b/deep/deeper")
    shelf.put("a/y")

    stand.feed(shelf.write.take())

    assert rows(stand) == ["store", "  a", "    x", "    y", "  b", "    deep", "  c"]


def test_what_is_removed_goes_with_all_that_stood_there_only_for_its_sake(make_stand: MakeStand) -> None:
    shelf = Shelf("a/x/1", "a/x/2", "b/x", "b/y")
    stand = make_stand(shelf.session)
    unfold(stand, "a/x", shelf.store)
    for path in ("a/x/1", "a/x/2", "b/y"):
        shelf.remove(path)

    stand.feed(shelf.write.take())

    assert rows(stand) == ["store", "  b", "    x"]


def test_a_path_that_comes_back_is_shown_again(make_stand: MakeStand) -> None:
    shelf = Shelf("a/x", "b")
    stand = make_stand(shelf.session)
    shelf.remove("a/x")
    stand.feed(shelf.write.take())
    assert rows(stand) == ["store", "  b"]

    shelf.put("a/x", "2")
    stand.feed(shelf.write.take())

    assert rows(stand) == ["store", "  a", "    x", "  b"]


def test_the_model_stays_sound_while_paths_come_and_go(make_stand: MakeStand, qtmodeltester: ModelTester) -> None:
    shelf = Shelf("a/x", "b", *[f"list/#{number}" for number in range(95)])
    stand = make_stand(shelf.session)
    qtmodeltester.check(stand.view.model)
    for round_ in range(12):
        shelf.put(f"list/#{95 + 2 * round_}")
        shelf.put(f"list/#{96 + 2 * round_}")
        shelf.put(f"c/{round_ % 3}/{round_}")
        shelf.remove(f"list/#{round_}")
        shelf.remove(f"c/{(round_ - 1) % 3}/{round_ - 1}")
        stand.feed(shelf.write.take())
        unfold(stand, f"c/{round_ % 3}", shelf.store)

    assert rows(stand)[-2:] == ["    #12 … #99", "    #100 … #118"]


def test_a_long_list_is_grouped_by_the_hundred(make_stand: MakeStand) -> None:
    shelf = Shelf(*[f"list/#{number}" for number in range(250)])
    stand = make_stand(shelf.session)

    unfold(stand, "list", shelf.store)

    assert rows(stand, "value") == [
        ("store", "250 values"),
        ("  list", "250 values"),
        ("    #0 … #99", "100 entries"),
        ("    #100 … #199", "100 entries"),
        ("    #200 … #249", "50 entries"),
    ]


def test_a_list_that_grows_past_a_hundred_is_grouped(make_stand: MakeStand) -> None:
    shelf = Shelf(*[f"list/#{number}" for number in range(100)])
    stand = make_stand(shelf.session)
    unfold(stand, "list", shelf.store)
    assert len(rows(stand)) == 102

    shelf.put("list/#100")
    stand.feed(shelf.write.take())

    assert rows(stand)[2:] == ["    #0 … #99", "    #100"]


def test_an_entry_in_a_group_is_found_when_it_is_selected_elsewhere(make_stand: MakeStand) -> None:
    shelf = Shelf(*[f"list/#{number}" for number in range(250)])
    stand = make_stand(shelf.session)

    stand.selection.select(Thing("store", (shelf.store, "list/#150")))

    assert stand.view.tree.currentIndex().data() == "#150"
    assert stand.view.tree.visualRect(stand.view.tree.currentIndex()).isValid()


def test_odd_paths_are_rows_like_others(make_stand: MakeStand) -> None:
    odd = ["a b/ü🦊", "x//y", "trailing/", "new\nline", "q" * 4_000]
    shelf = Shelf(*odd)
    stand = make_stand(shelf.session)

    names = [row.strip() for row in rows(stand)]

    assert {"ü🦊", "(empty name)", "new line"} <= set(names)
    for path in odd:
        stand.selection.select(Thing("store", (shelf.store, path)))
        assert stand.view.detail.path.whole == path


@pytest.mark.parametrize(
    "wait_s, is_over, words",
    [(0, False, "changed now"), (5, False, "changed 5 s ago"), (0, True, "changed at the end"),
     (5, True, "changed 5 s before the end")],
)  # fmt: skip
def test_it_says_when_a_value_changed(make_stand: MakeStand, wait_s: int, is_over: bool, words: str) -> None:
    shelf = Shelf("lamp")
    shelf.write.wait(wait_s * SECOND)
    shelf.write.log(shelf.boss, "later")
    shelf.session.apply_events(shelf.session.live.n, shelf.write.take())
    if is_over:
        shelf.session.apply([TargetStatus("ended", "ended", 0)])
    stand = make_stand(shelf.session)

    stand.selection.select(Thing("store", (shelf.store, "lamp")))

    assert words in stand.view.detail.about.whole.replace("\u202f", " ").split(" · ")


def test_a_path_five_hundred_deep_can_be_seen(make_stand: MakeStand) -> None:
    deep = "/".join(f"d{number}" for number in range(500))
    shelf = Shelf(deep)
    stand = make_stand(shelf.session)

    stand.selection.select(Thing("store", (shelf.store, deep)))

    index = stand.view.tree.currentIndex()
    assert index.data().startswith("d24/d25/d26")
    assert stand.view.detail.value.whole == "1"


# ---- what changes ---------------------------------------------------------------------------------------------------------


def test_a_changed_value_is_shown_and_lit_once(make_stand: MakeStand, qtbot: QtBot) -> None:
    shelf = Shelf("a", "b")
    stand = make_stand(shelf.session)
    shelf.put("a", "2", "1")

    stand.feed(shelf.write.take())

    assert rows(stand, "value")[1:] == [("  a", "2"), ("  b", "1")]
    assert stand.view.tree.lit == {StoreKey(shelf.store, "a")}
    qtbot.waitUntil(lambda: not stand.view.tree.lit)
    assert not stand.view.tree._fading.isActive()


def test_without_motion_nothing_is_lit(make_stand: MakeStand) -> None:
    shelf = Shelf("a")
    stand = make_stand(shelf.session)
    stand.settings.set("motion", False)
    shelf.put("a", "2", "1")

    stand.feed(shelf.write.take())

    assert rows(stand, "value")[1] == ("  a", "2")
    assert stand.view.tree.lit == set()


def test_a_hidden_panel_catches_up_when_it_is_shown(make_stand: MakeStand) -> None:
    shelf = Shelf("a")
    stand = make_stand(shelf.session)
    stand.hide()
    shelf.put("b")
    stand.feed(shelf.write.take())
    assert rows(stand) == ["store", "  a"]

    stand.show()

    assert rows(stand) == ["store", "  a", "  b"]


def test_the_past_is_shown_and_stays_while_the_app_goes_on(make_stand: MakeStand) -> None:
    shelf = Shelf("a")
    stand = make_stand(shelf.session)
    moment = shelf.session.live.n
    shelf.put("a", "2", "1")
    shelf.put("b")
    stand.feed(shelf.write.take())

    stand.selection.look_at(moment)
    shelf.put("a", "3", "2")
    stand.feed(shelf.write.take())

    assert rows(stand, "value") == [("store", "1 value"), ("  a", "1")]
    stand.selection.look_at(None)
    assert rows(stand, "value") == [("store", "2 values"), ("  a", "3"), ("  b", "1")]


def test_folds_stay_when_the_moment_changes(make_stand: MakeStand) -> None:
    shelf = Shelf("a/b/c/d", "e/f")
    stand = make_stand(shelf.session)
    unfold(stand, "a/b", shelf.store)
    stand.view.tree.setExpanded(stand.view.model.index_of(StoreKey(shelf.store, "e")), False)
    moment = shelf.session.live.n
    shelf.put("z")
    stand.feed(shelf.write.take())

    stand.selection.look_at(moment)

    assert rows(stand) == ["store", "  a", "    b", "      c", "  e"]


# ---- looks and endings ----------------------------------------------------------------------------------------------------


def test_a_store_of_a_hundred_thousand_paths_makes_rows_only_for_what_is_open(make_stand: MakeStand) -> None:
    shelf = Shelf()
    for number in range(100_000):
        shelf.write.store(shelf.store, f"area {number // 1_000}/sensor {number % 1_000}", "1.5")
    shelf.session.apply_events(shelf.session.live.n, shelf.write.take())

    stand = make_stand(shelf.session)

    assert len(list(stand.view.model.keys())) == 101
    unfold(stand, "area 7", shelf.store)
    assert len(list(stand.view.model.keys())) == 111
    assert rows(stand, "value")[9] == ("    sensor 0 … sensor 99", "100 entries")
