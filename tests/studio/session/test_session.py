"""What a session knows after what it was told: runs and moments, one app after another, and what time it is."""

from __future__ import annotations

import pytest

from tasktonic import events as ev
from tasktonic.clock import ORIGIN_NS
from tasktonic.protocol import messages
from tasktonic_studio.session.inbox import InboxItem, Notice, TargetBegan, TargetStatus, Told
from tasktonic_studio.session.session import Session
from tests.helpers.builders import MS, SECOND, EventWriter, a_session_with_plant, tell

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


def test_a_recorded_run_is_coming_until_it_was_read(session: Session) -> None:
    told: list[InboxItem] = [
        TargetBegan("attached"),
        TargetBegan("file", file="/x/run.ttt"),
        TargetStatus("ended", "recorded"),
    ]
    found = [session.is_recorded_run_coming]
    for item in told:
        session.apply([item])
        found.append(session.is_recorded_run_coming)

    assert found == [False, False, True, False]
