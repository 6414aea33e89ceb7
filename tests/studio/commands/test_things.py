"""What a selected thing is called and where it stands; what one can go to."""

from __future__ import annotations

import pytest

from tasktonic import events as ev
from tasktonic_studio.commands.things import catalyst_of, destinations, essence_of, name_of, place_of
from tasktonic_studio.session.names import Place
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.session import Session
from tests.helpers.builders import Plant, a_session_with_plant, plant_of


@pytest.fixture
def session() -> Session:
    return a_session_with_plant()


@pytest.fixture
def plant(session: Session) -> Plant:
    return plant_of(session)


def test_nothing_has_no_name_and_no_place(session: Session) -> None:
    assert name_of(session.live, None) == ""
    assert place_of(session.live, None) is None
    assert essence_of(session.live, None) == -1


def test_a_tonic_stands_where_its_class_is_defined(session: Session, plant: Plant) -> None:
    place = place_of(session.live, Thing("essence", plant.pumps[0]))

    assert place == session.live.names.place(2)


def test_a_run_stands_at_its_handler(session: Session, plant: Plant) -> None:
    run = session.live.run_of(plant.first_run)
    assert run is not None

    place = place_of(session.live, Thing("run", plant.first_run))

    assert place == session.live.names.handler_place(run.sparkle)


def test_a_waiting_order_stands_at_the_handler_of_the_state_of_now(session: Session, plant: Plant) -> None:
    write, pump = plant.write, plant.pumps[0]
    cls = write.cls("Pump")
    sparkle = write.sparkle(cls, "ttsc__open")
    for line, state in ((501, "open"), (502, "closed")):
        write.add(ev.HandlerDefined(cls, sparkle, ev.Name(state), ev.Name("ttsc__open"), ev.Name("plant.py"), line))
    for state in ("open", "closed"):
        write.sparkles(pump, "ttsc__close", to=state)
        waiting = write.order(pump, "ttsc__open")
        session.apply_events(session.live.n, write.take())
        place = place_of(session.live, Thing("order", waiting))
        assert place == Place("plant.py", 501 if state == "open" else 502)


def test_a_run_is_named_after_tonic_and_sparkle(session: Session, plant: Plant) -> None:
    assert name_of(session.live, Thing("run", plant.first_run)) == "plant.ttse__on_start"


def test_a_line_of_the_log_belongs_to_its_tonic(session: Session, plant: Plant) -> None:
    log = session.live.log
    index = next(index for index in range(len(log)) if log[index].text == "the plant runs")

    assert essence_of(session.live, Thing("log", index)) == plant.plant
    assert name_of(session.live, Thing("log", index)) == "the plant runs"


def test_a_store_value_stands_where_it_was_written(session: Session, plant: Plant) -> None:
    path = f"pumps/{plant.pumps[0]}/level"

    assert name_of(session.live, Thing("store", (plant.store, path))) == path
    assert place_of(session.live, Thing("store", (plant.store, path))) is not None


def test_a_tonic_runs_on_its_catalyst(session: Session, plant: Plant) -> None:
    assert catalyst_of(session.live, Thing("essence", plant.pumps[1])) == plant.worker


@pytest.mark.parametrize(
    "thing",
    [
        Thing("essence", 999),
        Thing("run", 999_999),
        Thing("order", 999_999),
        Thing("log", 999_999),
        Thing("class", 999),
        Thing("state", (999, 1)),
        Thing("store", (999, "x")),
        Thing("catalyst", 999),
    ],
)
def test_a_thing_that_is_not_known_has_a_name_all_the_same(session: Session, thing: Thing) -> None:
    assert isinstance(name_of(session.live, thing), str)
    assert place_of(session.live, thing) is None


def test_one_can_go_to_tonics_sparkles_paths_and_files(session: Session, plant: Plant) -> None:
    titles = [each.title for each in destinations(session.live)]

    assert "pump 0" in titles
    assert "Pump.ttsc__open" in titles
    assert f"pumps/{plant.pumps[0]}/level" in titles
    assert "watch_me.py" in titles


def test_what_has_finished_comes_last(session: Session, plant: Plant) -> None:
    last = destinations(session.live)[-1]

    assert last.thing == Thing("essence", plant.guest)
    assert last.detail.endswith("finished")


def test_an_empty_session_has_nowhere_to_go() -> None:
    assert destinations(Session().live) == []
