"""What the sequence panel is about."""

from __future__ import annotations

import pytest

from tasktonic import events as ev
from tasktonic_studio.session.calls import RAN, WAITING, CallsByNow, Hooks, Numbers, calls_by_now
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.panels.sequence import model as sequence_model
from tasktonic_studio.ui.panels.sequence.model import SequenceModel
from tests.helpers.builders import MS, SECOND
from tests.studio.ui.panels.sequence.conftest import Hall


def looked_at(hall: Hall, thing: Thing | None = None, span: tuple[int, int] | None = None) -> SequenceModel:
    model = SequenceModel()
    look(model, hall, thing, span)
    return model


def look(model: SequenceModel, hall: Hall, thing: Thing | None, span: tuple[int, int] | None = None) -> bool:
    """Look, and work until there is a diagram, when it is about something else."""
    live = hall.tell().live
    is_other = model.look_at(live, live, thing, span)
    if is_other:
        model.begin()
    finish(model)
    return is_other


def finish(model: SequenceModel) -> None:
    while not model.is_done:
        model.step(0.0)


def test_without_a_selected_run_the_last_calls_are_shown(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sequence_model, "LAST_CALLS", 5)
    hall.story()

    model = looked_at(hall, Thing("essence", hall.boss))

    assert len(model.diagram.calls) == 5
    assert model.heading == "5 calls: the last before 0.044\u202fs, until a run is selected elsewhere"


def test_a_selected_run_has_its_chain_shown(hall: Hall) -> None:
    hall.call(hall.boss, "ttsc__beside")
    start, _, _ = hall.story()

    model = looked_at(hall, Thing("run", start))

    assert model.diagram.order_at(0) == start
    assert model.heading.startswith("Chain of boss · ttse__on_start: 23 calls in 9 rows")


def test_selecting_a_call_of_the_chain_leaves_the_chain(hall: Hall) -> None:
    start, opened, check = hall.story()
    beside = hall.call(hall.boss, "ttsc__beside")
    model = looked_at(hall, Thing("run", start))

    assert not look(model, hall, Thing("run", check))
    assert not look(model, hall, Thing("order", opened))
    assert not look(model, hall, Thing("essence", hall.boss))
    assert model.anchor == start
    assert look(model, hall, Thing("run", beside))
    assert model.anchor == beside


def test_a_line_of_the_log_stands_for_the_run_that_said_it(hall: Hall) -> None:
    start, opened, _ = hall.story()
    hall.log(hall.door, "open now", opened)
    hall.tell()
    line = len(hall.session.live.log) - 1

    assert looked_at(hall, Thing("log", line)).anchor == opened
    assert start in looked_at(hall, Thing("log", line)).diagram.calls.order.tolist()


def test_a_window_has_the_calls_of_the_span(hall: Hall) -> None:
    begin = hall.t_ns
    hall.call(hall.boss, "ttsc__one")
    hall.wait(SECOND)
    hall.call(hall.boss, "ttsc__two")
    model = looked_at(hall)
    model.scope = "window"

    look(model, hall, None, (begin + SECOND, begin + 2 * SECOND))

    assert len(model.diagram.calls) == 1
    assert model.heading == "1 call: 1.000\u202fs to 2.000\u202fs, as in the timeline"


def test_a_window_without_calls_says_so(hall: Hall) -> None:
    hall.story()
    model = looked_at(hall)
    model.scope = "window"

    look(model, hall, None, (0, 1))

    assert len(model.diagram) == 0
    assert model.nothing_words() == "Nothing was called in the time that the timeline shows."


def test_more_calls_than_can_be_shown_are_counted(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sequence_model, "MOST_CALLS", 10)
    begin = hall.t_ns
    hall.story()

    model = looked_at(hall, None, (begin, begin + SECOND))

    assert len(model.diagram.calls) == 10
    assert model.notes == (
        "Only the first 10 of 23 calls are shown: show less time in the timeline to see the others.",
    )


def test_a_chain_whose_cause_was_lost_says_so(hall: Hall) -> None:
    hall.next_number = 50
    number = hall.call(hall.boss, "ttsc__go", by=17, source=hall.door)

    assert looked_at(hall, Thing("run", number)).notes == (
        "What caused the first call is not known: it was lost, or is older than what is remembered.",
    )


def test_a_filter_says_how_many_fit(hall: Hall) -> None:
    start, _, _ = hall.story()
    model = looked_at(hall, Thing("run", start))

    model.set_filter("to:alarm -sparkle:ask")
    finish(model)

    assert len(model.diagram.calls) == 8
    assert ": 8 of 23 calls in" in model.heading


def test_effects_that_come_later_join_the_chain(hall: Hall) -> None:
    start = hall.call(hall.boss, "ttse__on_start")
    model = looked_at(hall, Thing("run", start))
    hall.call(hall.door, "ttsc__open", start, hall.boss)

    hall.tell()
    model.begin()
    finish(model)

    assert len(model.diagram.calls) == 2


def test_an_added_tonic_brings_its_calls_of_the_same_time(hall: Hall) -> None:
    hall.call(hall.alarms[3], "ttsc__before")
    start = hall.call(hall.boss, "ttse__on_start")
    beside = hall.call(hall.alarms[3], "ttsc__beside")
    hall.call(hall.door, "ttsc__open", start, hall.boss)
    hall.call(hall.alarms[3], "ttsc__after")
    model = looked_at(hall, Thing("run", start))

    model.add(hall.alarms[3], True)
    finish(model)
    assert beside in model.diagram.calls.order.tolist()
    assert len(model.diagram.calls) == 3

    model.add(hall.alarms[3], False)
    finish(model)
    assert len(model.diagram.calls) == 2


def test_to_scale_nothing_is_folded(hall: Hall) -> None:
    start, _, _ = hall.story()
    model = looked_at(hall, Thing("run", start))

    model.is_to_scale = True
    model.fold_again()
    finish(model)

    assert len(model.diagram) == 24  # and the gap


def test_another_app_in_the_process_begins_anew(hall: Hall) -> None:
    start, _, _ = hall.story()
    model = looked_at(hall, Thing("run", start))
    hall.add(ev.AppBegan(hall.wait(MS), 2, ev.Name("Again"), 1, 1))
    hall.born("Boss", "boss", catalyst=0, essence=hall.boss)
    hall.call(hall.boss, "ttsc__go")

    look(model, hall, None)

    assert model.anchor == 0
    assert len(model.diagram.calls) == 1


def test_the_past_has_the_calls_of_then(hall: Hall) -> None:
    hall.call(hall.boss, "ttsc__one")
    moment = hall.tell().live.n
    hall.call(hall.boss, "ttsc__two")
    model = looked_at(hall)

    assert model.look_at(hall.session.live, hall.session.at(moment), None, None)
    model.begin()
    finish(model)

    assert len(model.diagram.calls) == 1


def test_work_is_done_in_pieces(hall: Hall) -> None:
    hall.story()
    model = SequenceModel()
    model.look_at(hall.tell().live, hall.session.live, None, None)
    model.begin()

    steps = 0
    while not model.is_done:
        model.step(0.0)
        steps += 1

    assert steps >= 3


def test_a_chain_is_cut_at_the_moment_and_not_searched_again(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    start = hall.call(hall.boss, "ttse__on_start")
    moment = hall.tell().live.n
    hall.call(hall.door, "ttsc__open", start, hall.boss)
    model = looked_at(hall, Thing("run", start))
    assert len(model.diagram.calls) == 2
    searched = []
    monkeypatch.setattr(sequence_model, "CallChain", lambda *asked: searched.append(asked))

    for known, count in ((hall.session.at(moment), 1), (hall.session.live, 2)):
        assert model.look_at(hall.session.live, known, Thing("run", start), None)
        model.begin()
        finish(model)
        assert len(model.diagram.calls) == count

    assert searched == []


def test_the_app_before_is_searched_in_what_was_known_of_it(hall: Hall) -> None:
    start, _, _ = hall.story()
    moment = hall.tell().live.n
    hall.add(ev.AppBegan(hall.wait(MS), 2, ev.Name("Again"), 1, 1))
    hall.next_number = 1
    hall.born("Boss", "boss", catalyst=0, essence=hall.boss)
    hall.call(hall.boss, "ttsc__go")
    model = looked_at(hall)

    model.look_at(hall.session.live, hall.session.at(moment), Thing("run", start), None)
    model.begin()
    finish(model)

    assert len(model.diagram.calls) == 23


def test_a_value_of_a_store_has_the_chain_of_who_wrote_it(hall: Hall) -> None:
    start = hall.call(hall.boss, "ttse__on_start")
    hall.cls("ttStore", (), (), service="store")
    store = hall.born("ttStore", "store", catalyst=0, service="store")
    hall.store(store, "lamp", "1.0", run=start)

    assert looked_at(hall, Thing("store", (store, "lamp"))).anchor == start
    assert looked_at(hall, Thing("store", (store, "nothing"))).anchor == 0


def test_a_chain_at_a_moment_is_that_of_the_target_that_is_watched() -> None:
    model = SequenceModel()
    for sparkle in ("ttsc__open", "ttsc__check"):
        hall = Hall()
        start = hall.call(hall.door, sparkle)
        hall.call(hall.boss, sparkle, start, hall.door)
        live = hall.tell().live
        model.forget()
        known = hall.session.at(live.n - 1)
        model.look_at(live, known, Thing("run", start), None)
        model.begin()
        finish(model)

        names = [known.names.sparkle(number) for number in model.diagram.calls.sparkle.tolist()]
        assert names == [sparkle, sparkle]
        assert model.diagram.calls.fate.tolist() == [RAN, WAITING]


def test_a_chain_is_read_once_for_all_moments(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    start, _, _ = hall.story()
    live = hall.tell().live
    model = looked_at(hall, Thing("run", start))
    read: list[int] = []

    def noted(known: Knowledge, rows: Numbers, hooks: Hooks) -> CallsByNow:
        read.append(len(rows))
        return calls_by_now(known, rows, hooks)

    monkeypatch.setattr(sequence_model, "calls_by_now", noted)

    for moment in range(live.n - 12, live.n):
        model.look_at(live, hall.session.at(moment), Thing("run", start), None)
        model.begin()
        finish(model)

    assert read == []
    assert 0 < len(model.diagram.calls) < len(live.orders)
