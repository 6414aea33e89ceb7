"""What the inspector says about runs, orders, log lines, values, classes and states. No widgets."""

from __future__ import annotations

import pytest

from tasktonic import events as ev
from tasktonic.protocol.messages import AttributeRow, Attributes
from tasktonic_studio.session.inbox import Told
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.session import Session
from tasktonic_studio.ui.panels.inspector.describe import describe
from tests.helpers.builders import MS, Plant
from tests.studio.ui.panels.inspector.facts import all_facts, essence, fact, last_run, told

# ---- runs, orders -------------------------------------------------------------------------------------------------------------


def test_a_run_says_what_it_did(session: Session, plant: Plant) -> None:
    subject = describe(session.live, Thing("run", last_run(session, plant.valves[0])))

    run = told(subject, "run")
    assert subject.title == "ttsc__turn"
    assert run["Tonic"] == "valve 5"
    assert run["Took"] == "8.00\u202fµs"
    assert run["Waited before"] == "40.0\u202fµs"
    assert run["Arguments"] == "angle=15"


def test_why_goes_back_to_the_outside(session: Session, plant: Plant) -> None:
    subject = describe(session.live, Thing("run", last_run(session, plant.valves[0])))

    why = next(it for it in subject.sections if it.key == "why").below
    assert [it.value for it in why] == ["pump 0 · ttse__on_stroke", "outside: a timer fired"]
    assert why[0].link == Thing("run", last_run(session, plant.pumps[0]))


def test_effects_are_states_and_orders(session: Session, plant: Plant) -> None:
    subject = describe(session.live, Thing("run", last_run(session, plant.pumps[0])))

    effects = told(subject, "effects")
    assert effects == {"pump 0": "open → closed", "valve 5": "ttsc__turn", "historian": "ttsc__record"}


def test_a_run_that_raised_has_its_traceback(session: Session, plant: Plant) -> None:
    run = next(row.run for row in session.live.runs.rows(0, 9_999) if row.flags & ev.ERROR)

    subject = describe(session.live, Thing("run", run))

    assert subject.shape == "error"
    error = next(it for it in subject.sections if it.key == "error").below
    assert error[0].name == "ValueError: the pump is dry in ttsc__open"


def test_a_run_whose_order_was_lost_says_so(session: Session, plant: Plant) -> None:
    write = plant.write
    sparkle = write.sparkle(write.cls("Valve"), "ttsc__turn")
    ran = ev.Ran(write.t_ns, write.t_ns + 5, 99_999, 99_999, plant.main, plant.valves[0], sparkle, -1, -1, 0)
    session.apply_events(session.live.n, [*write.take(), ran])

    why = told(describe(session.live, Thing("run", 99_999)), "why")

    assert list(why) == ["Its order was not recorded, so its cause is not known."]


def test_a_waiting_order_says_how_long(session: Session, plant: Plant) -> None:
    order = plant.write.order(plant.valves[0], "ttsc__turn", cause="thread pool 1")
    plant.write.wait(30 * MS)
    plant.write.log(plant.plant, "later")
    session.apply_events(session.live.n, plant.write.take())

    subject = describe(session.live, Thing("order", order))

    assert fact(subject, "order", "became").value == "waiting"
    assert fact(subject, "order", "became").detail == "for 30.0\u202fms"
    assert list(told(subject, "why").values()) == ["outside: a call from thread pool 1"]


def test_an_order_of_offloaded_work_says_of_which(session: Session, plant: Plant) -> None:
    order = plant.write.order(plant.valves[0], "ttsc__turn", cause="pool resize")
    session.apply_events(session.live.n, plant.write.take())

    subject = describe(session.live, Thing("order", order))

    assert list(told(subject, "why").values()) == ["outside: offloaded work: resize"]


def test_an_order_for_a_finished_tonic_was_dropped(session: Session, plant: Plant) -> None:
    order = plant.write.order(plant.guest, "ttsc__turn")
    session.apply_events(session.live.n, plant.write.take())

    assert fact(describe(session.live, Thing("order", order)), "order", "became").value == "dropped"


def test_causes_that_run_in_a_circle_come_to_an_end(session: Session, plant: Plant) -> None:
    write = plant.write
    first = write.next_number
    one = write.order(plant.valves[0], "ttsc__turn", run=first + 1)
    write.run(plant.valves[0], "ttsc__turn", one)
    other = write.order(plant.valves[1], "ttsc__turn", run=first)
    write.run(plant.valves[1], "ttsc__turn", other)
    session.apply_events(session.live.n, write.take())

    why = next(it for it in describe(session.live, Thing("run", one)).sections if it.key == "why").below

    assert why[-1].name == "… and further back: follow the last one."


# ---- the rest -----------------------------------------------------------------------------------------------------------------


def test_a_log_line_leads_to_its_run(session: Session, plant: Plant) -> None:
    index = next(it for it in range(len(session.live.log)) if session.live.log[it].text == "the plant runs")

    subject = describe(session.live, Thing("log", index))

    assert fact(subject, "line", "tonic").link == Thing("essence", plant.plant)
    assert fact(subject, "line", "run").link == Thing("run", plant.first_run)


def test_a_store_value_says_who_wrote_it(session: Session, plant: Plant) -> None:
    subject = describe(session.live, Thing("store", (plant.store, f"pumps/{plant.pumps[0]}/level")))

    value = told(subject, "value")
    assert float(value["Value"]) == float(value["Before"]) + 0.5
    assert value["Written by"] == "pump 0 · ttse__on_stroke"
    assert len(next(it for it in subject.sections if it.key == "history").below) == 20


def test_a_class_lists_handlers_with_their_places(session: Session) -> None:
    subject = describe(session.live, Thing("class", 2))

    handlers = next(it for it in subject.sections if it.key == "handlers").below
    assert subject.title == "Pump"
    assert handlers[1].name == "ttsc__open"
    assert handlers[1].value == "watch_me.py:55"
    assert handlers[1].place is not None


def test_a_state_lists_who_is_in_it(session: Session) -> None:
    subject = describe(session.live, Thing("state", (2, 0)))

    assert subject.title == "closed"
    assert list(told(subject, "instances")) == ["pump 0", "pump 1", "pump 2", "pump 3"]


def test_a_place_can_be_opened() -> None:
    subject = describe(Knowledge(), Thing("place", ("/somewhere/plant.py", 12)))

    assert subject.title == "plant.py:12"
    assert subject.place == ("/somewhere/plant.py", 12)


@pytest.mark.parametrize(
    "thing",
    [
        Thing("essence", 999),
        Thing("catalyst", 999),
        Thing("class", 999),
        Thing("run", 999_999),
        Thing("order", 999_999),
        Thing("state", (999, 1)),
        Thing("store", (999, "no/path")),
        Thing("log", 999_999),
    ],
)
def test_what_is_not_known_is_said_so(session: Session, thing: Thing) -> None:
    subject = describe(session.live, thing)

    assert subject.title.endswith("is not known here")
    assert subject.sections == ()


def test_keys_of_siblings_differ(session: Session, plant: Plant) -> None:
    things = [Thing("essence", it) for it in session.live.essences]
    things += [Thing("run", row.run) for row in session.live.runs.rows(0, 50)]

    for thing in things:
        for each in all_facts(describe(session.live, thing)):
            keys = [below.key for below in each.below]
            assert len(keys) == len(set(keys)), (thing, each.key)


def test_what_qt_keeps_in_a_widget_is_only_counted(session: Session, plant: Plant) -> None:
    rows = (
        AttributeRow("__METAOBJECT__", "PyCapsule", "<PyCapsule>"),
        AttributeRow("count", "int", "3"),
        AttributeRow("destroyed", "PySide6.QtCore.SignalInstance", "<SignalInstance>"),
    )
    session.apply([Told(Attributes(plant.pumps[1], 1, rows, "", 100))])

    names = told(essence(session, plant.pumps[1], can_ask=True), "attributes")

    assert list(names) == ["count", "… 2 more that Qt put there"]
