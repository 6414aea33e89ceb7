"""What a session knows after what it was told."""

from __future__ import annotations

from typing import Any

import pytest

from tasktonic import events as ev
from tasktonic.blocks import StringTable, encode_block
from tasktonic.clock import ORIGIN_NS
from tasktonic.protocol import messages
from tasktonic_studio.session import knowledge
from tasktonic_studio.session.inbox import BlockArrived, FlowDropped, Notice, Output, TargetBegan, TargetStatus, Told
from tasktonic_studio.session.session import Session
from tasktonic_studio.session.store_mirror import StoreHistories, StoreMirror
from tests.helpers.builders import MS, SECOND, EventWriter, Plant, a_session, a_session_with_plant, plant_of


@pytest.fixture
def write() -> EventWriter:
    return EventWriter()


@pytest.fixture
def session() -> Session:
    return a_session()


def tell(session: Session, write: EventWriter) -> Any:
    """Give a session what was written, and return the changes."""
    return session.apply_events(session.live.n, write.take())


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


# ---- flow


def test_runs_count_for_the_tonic_they_ran_in(session: Session, write: EventWriter) -> None:
    pump = write.born("Pump", "pump")
    write.sparkles(pump, "ttse__on_start")
    write.sparkles(pump, "ttsc__open", flags=ev.HOOK)
    write.sparkles(pump, "ttsc__open")
    changes = tell(session, write)

    facts = session.live.essences.get(pump)
    assert facts is not None
    assert facts.sparkles == 2
    assert session.live.names.sparkle(facts.last_sparkle) == "ttsc__open"
    assert facts.last_ns == write.t_ns
    assert pump in changes.essences
    assert changes.runs


def test_the_rate_is_that_of_about_the_last_second(session: Session, write: EventWriter) -> None:
    pump = write.born("Pump", "pump")
    for _ in range(100):
        write.wait(20 * MS)
        write.sparkles(pump, "ttsc__open", took_ns=0)
    tell(session, write)

    assert session.live.rate(pump) == pytest.approx(50, rel=0.1)
    assert session.live.essences.rates() == {pump: session.live.rate(pump)}


def test_the_rate_of_an_idle_tonic_falls_to_zero(session: Session, write: EventWriter) -> None:
    pump = write.born("Pump", "pump")
    write.sparkles(pump, "ttsc__open")
    tell(session, write)
    busy = session.live.rate(pump)

    write.wait(2 * SECOND)
    write.beat(0)
    tell(session, write)

    assert busy > 0
    assert session.live.rate(pump) == 0


def test_causes_and_effects_are_found_by_number(session: Session, write: EventWriter) -> None:
    pump, valve = write.born("Pump", "pump"), write.born("Valve", "valve")
    stroke = write.order(pump, "ttse__on_stroke", cause="timer")
    turn = write.order(valve, "ttsc__turn", pump, stroke, arguments="angle=15")
    write.run(pump, "ttse__on_stroke", stroke)
    write.run(valve, "ttsc__turn", turn)
    tell(session, write)

    known = session.live
    run = known.run_of(turn)
    assert run is not None
    cause = known.cause_of(run)
    assert cause is not None
    assert (cause.run, cause.source, cause.arguments, cause.cause) == (stroke, pump, "angle=15", "")
    assert [effect.order for effect in known.effects_of(stroke)] == [turn]
    outside = known.order_of(stroke)
    assert outside is not None
    assert outside.cause == "timer"
    assert known.run_of(999) is None
    assert known.order_of(999) is None


def test_events_of_unknown_ids_do_no_harm(session: Session) -> None:
    session.apply_events(
        0,
        [
            ev.Ended(1, 77, 0),
            ev.Finishing(1, 78, 0),
            ev.TimerFired(2, 79, 0),
            ev.ServiceUsed(2, 80, 81, False),
            ev.Raised(3, 82, ev.Name("s"), ev.Name("E"), ev.Text(""), ev.Text(""), -1, 0),
            ev.CatalystEnded(3, 83),
            ev.Ran(3, 4, 1, 1, 84, 85, 86, 0, 1, 0),
            ev.StateChanged(4, 1 << 62, 0, 70_000, 0),
            ev.LogLine(5, 87, ev.Text("who am I"), 0),
        ],
    )

    assert session.live.essences.alive_count == 0
    assert session.live.names.sparkle(86) == "sparkle 86"
    assert session.live.log[-1].name == "essence 87"


# ---- app runs


def test_a_second_app_in_the_process_begins_new_ids_and_keeps_the_log(session: Session, write: EventWriter) -> None:
    pump = write.born("Pump", "pump")
    write.log(pump, "of the first")
    write.sparkles(pump, "ttsc__open")
    write.store(pump, "level", "1")
    tell(session, write)
    session.apply_events(session.live.n, [ev.AppEnded(write.t_ns, 1, ev.Text(""))])

    second = EventWriter(app=2, name="Second")
    other = second.born("Valve", "valve")
    changes = tell(session, second)

    known = session.live
    assert changes.everything
    assert not changes.new_target
    assert (known.app.number, known.app.name) == (2, "Second")
    assert [(app.number, app.has_ended) for app in known.apps] == [(1, True)]
    assert pump == other == 0
    assert known.essences.name(0) == "valve"
    assert [(line.app, line.name, line.text) for line in known.log] == [(1, "pump", "of the first")]
    assert known.run_of(1) is None, "numbers of the first app mean nothing now"
    assert len(known.runs) == 1
    assert len(known.store) == 0


def test_between_two_apps_the_script_runs_without_one(session: Session, write: EventWriter) -> None:
    session.apply([TargetBegan("launched", "x.py")])
    tell(session, write)
    sentences = [session.live.target.sentence]
    session.apply_events(session.live.n, [ev.AppEnded(write.t_ns, 1, ev.Text(""))])
    sentences.append(session.live.target.sentence)
    tell(session, EventWriter(app=2))
    sentences.append(session.live.target.sentence)

    assert sentences == ["running", "running, but its app has ended", "running"]


@pytest.mark.parametrize("first", ["state", "stream"])
def test_a_distiller_that_waits_is_said_whichever_of_state_and_stream_comes_first(
    first: str, session: Session, write: EventWriter
) -> None:
    state = Told(messages.DistillerState("ready", 1, 0, "virtual", ORIGIN_NS, 0))
    session.apply([TargetBegan("launched", "x.py", seed=0)])
    if first == "state":
        session.apply([state])
    tell(session, write)
    if first == "stream":
        session.apply([state])

    assert session.live.target.sentence == "under a distiller: waits for you"


def test_after_the_app_of_a_distiller_another_one_just_runs(session: Session, write: EventWriter) -> None:
    session.apply([TargetBegan("launched", "x.py", seed=0)])
    tell(session, write)
    session.apply([Told(messages.DistillerState("over", 1, 0, "virtual", ORIGIN_NS, 0))])
    assert session.live.target.sentence == "under a distiller: its app has ended"

    tell(session, EventWriter(app=2))

    assert session.live.target.sentence == "running"


def test_both_apps_in_one_batch_are_told_apart(session: Session, write: EventWriter) -> None:
    pump = write.born("Pump", "pump")
    write.sparkles(pump, "ttsc__open")
    second = EventWriter(app=2, name="Second")
    valve = second.born("Valve", "valve")
    session.apply_events(0, [*write.take(), *second.take()])

    facts = session.live.essences.get(valve)
    assert facts is not None
    assert (facts.name, facts.sparkles) == ("valve", 0)


def test_a_new_target_begins_everything_anew() -> None:
    session = a_session_with_plant()

    changes = session.apply([TargetBegan("launched", "/tmp/other.py", ("--fast",))])

    known = session.live
    assert changes.everything
    assert changes.new_target
    assert (known.target.script, known.target.arguments, known.target.status) == (
        "/tmp/other.py",
        ("--fast",),
        "starting",
    )
    assert (known.essences.alive_count, len(known.log), len(known.runs), session.first_n) == (0, 0, 0, 0)
    assert known.n == 1


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
    for number in range(4_000):
        path = ev.Name(f"path {number % 50}")
        text = ev.Text(str(number))
        mirror.changed(
            ev.StoreChanged(1, 0, path, ev.Text(""), text, ev.Name("int"), False, False, 0, ev.Name("")), number
        )

    entry = mirror[0]["path 49"]
    assert len(entry.history) == 80
    assert entry.history.first > 50
    assert entry.history[-1].new == "3999"


# ---- what was said


def test_errors_output_and_notices_are_lines_of_the_log(session: Session, write: EventWriter) -> None:
    pump = write.born("Pump", "pump")
    write.log(pump, "hello", 3)
    write.raised(pump, "ttsc__open", "ValueError", "it is dry", 4)
    tell(session, write)
    session.apply([Output("stdout", "one\ntwo\n"), Output("stderr", "three"), Notice("a notice")])

    lines = [(line.level, line.name, line.text, line.run) for line in session.live.log]
    assert lines == [
        ("log", "pump", "hello", 3),
        ("error", "pump", "ValueError: it is dry in ttsc__open", 4),
        ("stdout", "", "one", 0),
        ("stdout", "", "two", 0),
        ("stderr", "", "three", 0),
        ("notice", "", "a notice", 0),
    ]
    assert "Traceback" in session.live.log[1].detail
    facts = session.live.essences.get(pump)
    assert facts is not None
    assert facts.errors == 1


def test_a_line_of_the_past_is_not_known_before_it(session: Session) -> None:
    session.apply([Notice("one"), Notice("two")])

    assert [line.text for line in session.at(1).log] == ["one"]
    with pytest.raises(IndexError, match="only rows 0 to 0 are here"):
        session.at(1).log[1]


def test_gaps_are_kept_and_counted(session: Session, write: EventWriter) -> None:
    write.add(ev.Gap(write.t_ns, write.t_ns + MS, 10, 20))
    tell(session, write)

    assert [(gap.orders, gap.runs) for gap in session.live.gaps] == [(10, 20)]
    assert (session.live.target.lost_orders, session.live.target.lost_runs, session.live.target.lost) == (10, 20, 30)


def test_gaps_from_a_number_on_are_the_last_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(knowledge, "MOST_GAPS", 20)
    session = Session()
    session.apply_events(0, [ev.Gap(10 * number, 10 * number + 5, 1, 1) for number in range(50)])
    live = session.live

    for n in (0, 30, 31, 49, 50):
        assert [gap.n for gap in live.gaps_from(n)] == [gap.n for gap in live.gaps if gap.n >= n]
    assert len(live.gaps_from(0)) < 50


def test_flow_dropped_by_the_studio_is_said(session: Session) -> None:
    session.apply([FlowDropped(1234, 5)])

    assert session.live.log[0].text == "The Studio was too slow: 1,234 orders and 5 runs were dropped."


# ---- what the probe and the services tell


def test_hello_and_grant_say_who_the_target_is(session: Session) -> None:
    hello = messages.Hello(1, 42, "s", script="/x/app.py", argv=("--fast",), python="3.12.1", framework="0.1.0")
    session.apply(
        [TargetBegan("attached", pid=42), Told(hello), Told(messages.Granted("view", "Another one controls."))]
    )

    target = session.live.target
    assert (target.status, target.script, target.arguments, target.python) == (
        "running",
        "/x/app.py",
        ("--fast",),
        "3.12.1",
    )
    assert target.role == "view"
    assert session.live.log[-1].text == "Another one controls."


def test_attributes_are_those_of_the_last_answer(session: Session) -> None:
    row = messages.AttributeRow("level", "int", "3")
    first = session.apply([Told(messages.Attributes(5, 1, (row,), "", 100))])
    session.apply([Told(messages.Attributes(5, 2, (), "It has ended."))])

    assert first.attributes == {5}
    assert session.at(1).attributes[5].rows == (row,)
    assert session.live.attributes[5].problem == "It has ended."
    assert session.live.attributes[5].rows == (row,), "what was known stays"
    assert session.live.attributes[5].t_ns == 100


def test_the_cost_is_told(session: Session) -> None:
    session.apply([Told(messages.Cost(2.5, 2, 10, 20, 0.5))])

    target = session.live.target
    assert (target.cost_percent, target.level, target.ring_fill) == (2.5, 2, 0.5)
    assert target.lost == 0, "losses are counted from the gaps"


def test_a_refused_request_is_said(session: Session) -> None:
    session.apply([Told(messages.Answer(1, False, "Only a controller can hold an app."))])

    assert session.live.log[-1].text == "Only a controller can hold an app."


def test_a_bad_end_names_the_last_sparkle() -> None:
    session = a_session_with_plant()

    session.apply([TargetStatus("ended", "ended: exit code 1", 1, died=True)])

    target = session.live.target
    assert (target.status, target.exit_code) == ("ended", 1)
    assert target.sentence == "ended: exit code 1, last sparkle Historian.ttsc__record"
    assert not any(catalyst.alive for catalyst in session.live.catalysts.values())
    assert session.live.essences.alive_count > 0, "what was known stays on screen"


def test_an_end_in_order_names_no_sparkle() -> None:
    session = a_session_with_plant()
    session.apply_events(session.live.n, [ev.AppEnded(plant_of(session).write.t_ns, 1, ev.Text(""))])

    session.apply([TargetStatus("ended", "ended: exit code 0", 0)])

    assert session.live.target.sentence == "ended: exit code 0"


def test_a_script_without_a_formula_is_said(session: Session) -> None:
    session.apply([TargetBegan("launched", "x.py"), TargetStatus("ended", "ended: exit code 0", 0)])

    assert session.live.target.sentence == "ended: exit code 0, the script started no formula"


# ---- blocks


def test_blocks_give_the_same_as_their_events() -> None:
    by_events, by_blocks = a_session(), a_session()
    plant, strings = Plant(), StringTable()

    for _ in range(5):
        rows = plant.live(7) + plant.trouble()
        by_events.apply_events(by_events.live.n, rows)
        by_blocks.apply([BlockArrived(encode_block(by_blocks.live.n, _raw(rows), strings, previews=True))])

    one, other = by_events.live, by_blocks.live
    assert one.n == other.n
    assert [one.essences.get(it) for it in one.essences] == [other.essences.get(it) for it in other.essences]
    assert one.runs.rows(0, 10**6) == other.runs.rows(0, 10**6)
    assert one.orders.rows(0, 10**6) == other.orders.rows(0, 10**6)
    assert one.transitions.rows(0, 10**6) == other.transitions.rows(0, 10**6)
    assert list(one.log) == list(other.log)
    assert one.catalysts == other.catalysts
    assert one.timers == other.timers


def test_blocks_that_come_together_give_the_same_as_one_by_one() -> None:
    together, apart = a_session(), a_session()
    plant, strings, n, blocks = Plant(), StringTable(), together.live.n, []
    for number in range(7):
        rows = (
            plant.live(3) + plant.trouble() + ([ev.AppBegan(plant.write.t_ns, 2, ev.Name("B"), 0, 1)] * (number == 4))
        )
        blocks.append(BlockArrived(encode_block(n, rows, strings, previews=bool(number % 2))))
        n += len(rows)

    together.apply(blocks)
    for block in blocks:
        apart.apply([block])

    one, other = together.live, apart.live
    assert one.n == other.n == n
    assert [one.essences.get(it) for it in one.essences] == [other.essences.get(it) for it in other.essences]
    for table in ("runs", "orders", "transitions"):
        assert getattr(one, table).rows(0, 10**6) == getattr(other, table).rows(0, 10**6)
    assert list(one.log) == list(other.log)
    assert len(one.apps) == 1
    assert one.apps == other.apps


@pytest.mark.parametrize("most_facts", [1, 3, 7])
def test_a_block_in_pieces_gives_the_same_as_whole(most_facts: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasktonic_studio.session.session._FACTS_TOGETHER", most_facts)
    whole, in_pieces = a_session(), a_session()
    plant, strings, first = Plant(), StringTable(), 1_000
    pieces = 0
    for number in range(5):
        again = [ev.AppBegan(plant.write.t_ns, 2, ev.Name("B"), 0, 1)] * (number == 3)
        rows = plant.live(7) + plant.trouble() + again + plant.live(4)
        block = BlockArrived(encode_block(first, rows, strings, previews=True))
        first += len(rows)
        whole.apply([block])
        for piece in in_pieces.opened(block):
            pieces += 1
            in_pieces.apply([piece])

    one, other = whole.live, in_pieces.live
    assert pieces > 10
    assert one.n == other.n
    assert [one.essences.get(it) for it in one.essences] == [other.essences.get(it) for it in other.essences]
    for table in ("runs", "orders", "transitions"):
        assert getattr(one, table).rows(0, 10**6) == getattr(other, table).rows(0, 10**6)
    assert list(one.log) == list(other.log)
    assert one.apps == other.apps
    assert one.findings.by_key == other.findings.by_key
    numbered = [[it.marks.numbering.event_at(n) for n in range(one.n + 1)] for it in (whole, in_pieces)]
    assert numbered[0] == numbered[1], "marks stand at the same events"


def test_a_block_that_cannot_be_opened_is_said_when_it_is_taken(session: Session) -> None:
    bad = BlockArrived(b"GET / HTTP/1.1")

    assert list(session.opened(bad)) == [bad]
    session.apply([bad])

    assert session.live.log[0].text.startswith("The events of the app cannot be read any more")


def test_what_came_before_a_block_that_is_none_is_taken_first(session: Session, write: EventWriter) -> None:
    write.born("Pump", "pump")
    good = encode_block(0, write.take(), StringTable())

    session.apply([Notice("first"), BlockArrived(good), Notice("second"), BlockArrived(good), BlockArrived(b"none")])

    texts = [line.text for line in session.live.log]
    assert texts[:2] == ["first", "second"]
    assert session.live.log[2].n == session.live.n - 1, "said after the blocks before it"


def _raw(rows: list[Any]) -> list[Any]:
    return rows


def test_a_block_that_is_none_ends_in_a_sentence(session: Session, write: EventWriter) -> None:
    write.born("Pump", "pump")
    good = encode_block(0, write.take(), StringTable())

    session.apply([BlockArrived(good), BlockArrived(b"GET / HTTP/1.1"), BlockArrived(good)])

    assert session.live.essences.alive_count == 1, "what was known stays"
    assert len(session.live.log) == 1
    assert session.live.log[0].text.startswith("The events of the app cannot be read any more")


def test_lost_numbers_are_passed_over(session: Session) -> None:
    changes = session.apply_events(100, [ev.LogLine(1, -1, ev.Text("late"), 0)])

    assert session.live.n == 101
    assert session.live.log[0].n == 100
    assert changes.log


def test_nothing_told_changes_nothing(session: Session) -> None:
    assert not session.apply([])
    assert session.live.n == 0


# ---- an app with a clock of its own


def test_what_the_machine_s_clock_stamps_after_an_app_with_a_clock_of_its_own_takes_no_time(session: Session) -> None:
    write, machine_ns = EventWriter(begin=False), 57_000 * SECOND
    write.t_ns = ORIGIN_NS
    write.add(ev.AppBegan(write.t_ns, 1, ev.Name("Plant"), 978_307_200 * SECOND, 4711))
    write.add(ev.LevelSet(write.t_ns, 2))
    end_ns = write.wait(SECOND)
    write.add(ev.AppEnded(end_ns, 1, ev.Text("")))
    write.add(ev.LevelSet(machine_ns, 0))
    write.add(ev.Gap(machine_ns, machine_ns + SECOND, 3, 3))
    write.add(ev.ByHand(machine_ns, -1, ev.Name("hold"), ev.Text(""), ev.Text("Studio")))
    tell(session, write)
    session.apply([Told(messages.Goodbye("The app has ended.")), Notice("It is over.", machine_ns)])

    known = session.live
    assert known.t_ns == end_ns
    assert [t_ns for _, t_ns, _ in known.levels] == [ORIGIN_NS, end_ns]
    assert [(gap.t_ns, gap.until_ns) for gap in known.gaps] == [(end_ns, end_ns)]
    assert {line.t_ns for line in known.log} == {end_ns}
    assert [line.text for line in known.log][-2:] == ["The app has ended.", "It is over."]


def test_what_the_machine_s_clock_stamps_before_an_app_with_a_clock_of_its_own_takes_no_time(session: Session) -> None:
    write = EventWriter(begin=False)
    write.add(ev.LevelSet(57_000 * SECOND, 2))
    write.t_ns = ORIGIN_NS
    write.add(ev.AppBegan(write.t_ns, 1, ev.Name("Plant"), 978_307_200 * SECOND, 4711))
    tell(session, write)

    assert session.live.t_ns == ORIGIN_NS
    assert [t_ns for _, t_ns, _ in session.live.levels] == [ORIGIN_NS]
    now_ns = write.wait(SECOND)
    write.add(ev.LevelSet(now_ns, 1))
    tell(session, write)
    assert session.live.t_ns == now_ns


def test_after_the_end_of_an_app_by_the_machine_s_clock_time_goes_on(session: Session, write: EventWriter) -> None:
    write.add(ev.AppEnded(write.wait(SECOND), 1, ev.Text("")))
    write.add(ev.LevelSet(write.wait(SECOND), 0))
    tell(session, write)

    assert session.live.t_ns == write.t_ns
