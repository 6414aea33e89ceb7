"""What a session knows of an app: its essences in their tree, catalysts, timers and stores."""

from __future__ import annotations

import pytest

from tasktonic import events as ev
from tasktonic_studio.session.session import Session
from tasktonic_studio.session.store_mirror import StoreHistories, StoreMirror
from tests.helpers.builders import MS, SECOND, EventWriter, tell

# ---- the tree


def test_children_stand_below_their_context_in_order_of_birth(session: Session, write: EventWriter) -> None:
    plant = write.born("Plant", "plant")
    pumps = [write.born("Pump", f"pump {number}", plant) for number in range(3)]
    tell(session, write)

    essences = session.live.essences
    assert essences.roots == [plant]
    assert essences.children(-1) == [plant]
    assert essences.children(plant) == pumps
    assert essences.path(pumps[1]) == [plant, pumps[1]]


def test_a_child_told_before_its_context_is_a_root_until_then(session: Session, write: EventWriter) -> None:
    write.born("Pump", "pump", context=7, essence=3)
    tell(session, write)
    before = session.live.essences.roots

    write.born("Plant", "plant", essence=7)
    tell(session, write)

    assert before == [3]
    assert session.live.essences.roots == [7]
    assert session.live.essences.children(7) == [3]


def test_contexts_in_a_circle_are_no_endless_path(session: Session, write: EventWriter) -> None:
    write.born("Pump", "one", context=2, essence=1)
    write.born("Pump", "other", context=1, essence=2)
    tell(session, write)

    assert session.live.essences.path(1) == [2, 1]


def test_a_fact_stated_again_by_a_snapshot_adds_nothing(session: Session, write: EventWriter) -> None:
    pump = write.born("Pump", "pump", state="--")
    tell(session, write)
    born = session.live.essences.get(pump)
    assert born is not None

    write.add(ev.Born(0, pump, ev.Name("pump"), born.cls, -1, 0, ev.Name(""), 2, -1, 0))
    changes = tell(session, write)

    assert session.live.essences.get(pump) == born
    assert session.live.essences.alive_count == 1
    assert changes.essences_new == set()


def test_a_statement_overtaken_by_the_end_does_not_bring_an_essence_back(session: Session, write: EventWriter) -> None:
    pump = write.born("Pump", "pump")
    write.ended(pump)
    write.add(ev.Born(0, pump, ev.Name("pump"), 0, -1, 0, ev.Name(""), 2, -1, 0))
    tell(session, write)

    facts = session.live.essences.get(pump)
    assert facts is not None
    assert facts.life == "finished"
    assert session.live.essences.alive_count == 0


def test_the_later_of_birth_and_transition_says_the_state(session: Session, write: EventWriter) -> None:
    write.cls("Pump", ("closed", "open"))
    write.add(ev.StateChanged(write.t_ns, 5, 0, 1, 0))
    write.born("Pump", "pump", essence=5, state="closed")
    tell(session, write)
    first = session.live.state_name(5)

    write.born("Pump", "pump", essence=5, state="closed")
    write.add(ev.StateChanged(write.t_ns, 5, 0, 1, 0))
    tell(session, write)

    assert first == "closed"
    assert session.live.state_name(5) == "open"


def test_a_finished_essence_stays_known_with_its_end(session: Session, write: EventWriter) -> None:
    pump = write.born("Pump", "pump")
    write.wait(SECOND)
    write.ended(pump)
    changes = tell(session, write)

    facts = session.live.essences.get(pump)
    assert facts is not None
    assert (facts.is_alive, facts.ended_ns) == (False, write.t_ns)
    assert list(session.live.essences.ended) == [pump]
    assert changes.essences_ended == {pump}


def test_only_so_many_finished_essences_stay_known(
    session: Session, write: EventWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tasktonic_studio.session.essences.ENDED_KEPT", 100)
    plant = write.born("Plant", "plant")
    for _ in range(2000):
        write.ended(write.born("Pump", "pump", plant))
    changes = tell(session, write)

    essences = session.live.essences
    assert essences.ended_count == 2000
    assert 100 <= len(essences.ended) <= 1100
    assert len(essences.children(plant)) == len(essences.ended)
    assert essences.get(1) is None
    assert 1 in changes.essences_forgotten


def test_a_service_names_its_users(session: Session, write: EventWriter) -> None:
    service = write.born("Historian", "historian", service="historian")
    users = [write.born("Pump", f"pump {number}") for number in range(2)]
    for user in users:
        write.add(ev.ServiceUsed(write.t_ns, service, user, True))
    tell(session, write)
    both = session.live.essences.get(service)

    write.add(ev.ServiceUsed(write.t_ns, service, users[0], False))
    tell(session, write)

    one = session.live.essences.get(service)
    assert both is not None
    assert one is not None
    assert both.users == tuple(users)
    assert one.users == (users[1],)
    assert session.live.essences.services == [service]


# ---- catalysts, timers, stores


def test_beats_say_what_a_catalyst_does(session: Session, write: EventWriter) -> None:
    main = write.catalyst("main_catalyst", "qt")
    pump = write.born("Pump", "pump", catalyst=main)
    for beat in range(11):
        write.beat(main, depth=beat, sparkles=beat * 100, busy_ns=beat * 25 * MS, inside=pump)
        write.wait(100 * MS)
    tell(session, write)

    catalyst = session.live.catalysts[main]
    assert (catalyst.name, catalyst.driver, catalyst.depth, catalyst.inside) == ("main_catalyst", "qt", 10, pump)
    assert catalyst.rate == pytest.approx(1000)
    assert catalyst.busy_share == pytest.approx(0.25)
    assert catalyst.inside_for_ns(catalyst.since_ns + 5) == 5
    times, depths = session.live.depths.of(main)
    assert depths.tolist() == list(range(11))
    assert len(times) == 11


def test_holding_a_catalyst_holds_the_target(session: Session, write: EventWriter) -> None:
    main = write.catalyst("main_catalyst")
    write.add(ev.CatalystHeld(write.t_ns, main, True))
    tell(session, write)
    held = session.live.target.status

    write.add(ev.CatalystHeld(write.t_ns, main, False))
    tell(session, write)

    assert (held, session.live.target.status) == ("held", "running")


def test_a_timer_is_due_again_one_period_after_it_was_due(session: Session, write: EventWriter) -> None:
    pump = write.born("Pump", "pump")
    timer = write.timer(pump, 100 * MS)
    due = write.t_ns + 100 * MS
    write.wait(350 * MS)
    write.add(ev.TimerFired(write.t_ns, timer, 0))
    tell(session, write)

    facts = session.live.timers[timer]
    assert facts.due_ns == due + 300 * MS, "it keeps its phase and skips what it missed"
    assert (facts.fired, facts.is_running) == (1, True)
    assert session.live.timers_of(pump) == [facts]


def test_a_stopped_timer_keeps_what_was_left(session: Session, write: EventWriter) -> None:
    timer = write.timer(write.born("Pump"), 100 * MS)
    write.add(ev.TimerStopped(write.t_ns, timer, 30 * MS, 0))
    tell(session, write)
    assert session.live.timers[timer].remaining_ns == 30 * MS

    write.ended(timer)
    changes = tell(session, write)

    assert timer not in session.live.timers
    assert timer in changes.timers


def test_a_store_value_tells_what_it_was_and_who_wrote_it(session: Session, write: EventWriter) -> None:
    store = write.born("ttStore", "store", service="store")
    write.store(store, "level", "1", run=4, source="pump")
    write.store(store, "level", "2", "1", run=5, source="valve")
    changes = tell(session, write)

    entry = session.live.store[store]["level"]
    assert (entry.new, entry.old, entry.run, entry.source) == ("2", "1", 5, "valve")
    assert [(change.new, change.run) for change in entry.history] == [("1", 4), ("2", 5)]
    assert changes.store == {(store, "level")}


def test_a_removed_path_keeps_its_history(session: Session, write: EventWriter) -> None:
    write.store(0, "level", "1")
    gone = ev.StoreChanged(1, 0, ev.Name("level"), ev.Text("1"), ev.Text(""), ev.Name(""), True, False, 0, ev.Name(""))
    write.add(gone)
    tell(session, write)

    assert session.live.store.paths(0) == []
    assert [change.removed for change in session.live.store[0]["level"].history] == [False, True]


def test_histories_of_very_many_paths_get_shorter() -> None:
    histories = StoreHistories(budget_rows=1_000)
    mirror = StoreMirror(histories)
    none, kind = ev.Text(""), ev.Name("int")
    stored = [
        ev.StoreChanged(1, 0, ev.Name(f"path {n % 50}"), none, ev.Text(str(n)), kind, False, False, 0, ev.Name(""))
        for n in range(4_000)
    ]
    assert list(mirror.changed_all(enumerate(stored))) == [1 + n // 50 for n in range(4_000)]

    entry = mirror[0]["path 49"]
    assert len(entry.history) == 80
    assert entry.history.first > 50
    assert entry.history[-1].new == "3999"
