"""What the inspector says about tonics, services and catalysts. No widgets."""

from __future__ import annotations

from tasktonic import events as ev
from tasktonic_studio.session.inbox import TargetStatus
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.session import Session
from tasktonic_studio.ui.panels.inspector.describe import describe
from tasktonic_studio.ui.panels.inspector.fact import Subject
from tests.helpers.builders import MS, SECOND, Plant
from tests.studio.ui.panels.inspector.facts import all_facts, essence, fact, last_run, told

# ---- tonics ----------------------------------------------------------------------------------------------------------------


def test_a_tonic_says_who_it_is(session: Session, plant: Plant) -> None:
    subject = essence(session, plant.pumps[1])

    assert (subject.title, subject.kind, subject.words, subject.shape) == ("pump 1", "Pump", "closed", "ok")
    identity = told(subject, "identity")
    assert identity["Class"] == "Pump"
    assert identity["Id"] == str(plant.pumps[1])
    assert identity["Log mode"] == "quiet"
    assert identity["Born"] == "0.000\u202fs"


def test_context_catalyst_can_be_followed(session: Session, plant: Plant) -> None:
    subject = essence(session, plant.pumps[1])

    assert fact(subject, "identity", "context").link == Thing("essence", plant.plant)
    assert fact(subject, "identity", "catalyst").link == Thing("essence", plant.worker)


def test_a_birth_that_was_not_seen_is_said_so(session: Session, plant: Plant) -> None:
    session.apply_events(session.live.n, [ev.Born(0, 900, ev.Name("old"), 2, -1, plant.main, ev.Name(""), 2, 0, 0)])

    assert told(essence(session, 900), "identity")["Born"] == "before it was watched"


def test_the_state_says_since_when(session: Session, plant: Plant) -> None:
    states = told(essence(session, plant.pumps[1]), "states")

    assert states["closed"].startswith("since ")
    assert states["open"] == "the one before"


def test_the_state_leads_to_the_run_that_set_it(session: Session, plant: Plant) -> None:
    link = fact(essence(session, plant.pumps[1]), "states", "state closed").link

    assert link == Thing("run", last_run(session, plant.pumps[1]))


def test_timers_say_when_they_are_due(session: Session, plant: Plant) -> None:
    timer = plant.write.timer(plant.plant, 400 * MS, "ttsc__report", "hourly")
    session.apply_events(session.live.n, plant.write.take())

    timers = told(essence(session, plant.plant), "timers")

    assert timers["ttsc__report"] == "in 400\u202fms"
    assert timers["ttse__on_alarm"] == "stopped, 3.00\u202fs left"
    assert fact(essence(session, plant.plant), "timers", f"timer {timer}").detail == "every 400\u202fms"


def test_timer_of_the_calendar_says_so_also_after_it_has_fired(session: Session, plant: Plant) -> None:
    timer = plant.write.timer(plant.plant, 400 * MS, "ttsc__report", "daily")
    now = plant.write.t_ns
    plant.write.add(ev.TimerSet(now, timer, now + 400 * MS, -1, ev.Name("ttsc__report"), 0))
    plant.write.add(ev.TimerFired(now, timer, 0))
    session.apply_events(session.live.n, plant.write.take())

    said = fact(essence(session, plant.plant), "timers", f"timer {timer}")

    assert (said.value, said.detail) == ("in 400\u202fms", "by the calendar")


def test_a_timer_tells_of_itself(session: Session, plant: Plant) -> None:
    timers = told(essence(session, plant.stopped_timer), "timers")

    assert timers == {"ttse__on_alarm": "stopped, 3.00\u202fs left"}


# ---- heavy work


def work_lines(subject: Subject) -> list[tuple[str, str, str, str]]:
    """Name, value, detail and shape of each line about heavy work."""
    found = next((it for it in subject.sections if it.key == "work"), None)
    return [] if found is None else [(it.name, it.value, it.detail, it.shape) for it in found.below]


def test_a_tonic_without_offloaded_work_has_no_section_of_it(session: Session, plant: Plant) -> None:
    write = plant.write
    write.offload(plant.pumps[0])
    session.apply_events(session.live.n, write.take())

    assert [it.name for it in essence(session, plant.pumps[0]).sections if it.key == "work"] == ["Heavy work"]
    assert not work_lines(essence(session, plant.pumps[1]))


def test_heavy_work_runs_before_it_waits_before_it_is_over(session: Session, plant: Plant) -> None:
    write, pump = plant.write, plant.pumps[0]
    began_ns = session.live.app.began_ns
    write.t_ns = began_ns + 4 * SECOND
    done, failed, cancelled, running, waiting = (
        write.offload(pump, name, run=plant.first_run) for name in ("add", "divide", "guess", "survey", "render")
    )
    write.wait(10 * MS)
    for work, name in ((done, "add"), (failed, "divide"), (running, "survey")):
        write.work_began(work, pump, name)
    write.wait(230 * MS)
    write.work_ended(done, pump, function="add")
    write.work_ended(failed, pump, "failed", "ZeroDivisionError: division by zero", "divide")
    write.work_ended(cancelled, pump, "cancelled", function="guess")
    session.apply_events(session.live.n, write.take())

    subject = essence(session, pump)

    at = "4.240\u202fs"
    assert work_lines(subject) == [
        ("survey", "runs for 230\u202fms", "since 4.010\u202fs · pool process 1", "running"),
        ("render", "waits for a process", "for 240\u202fms", "waiting"),
        ("guess", "cancelled", at, "dropped"),
        ("divide", "failed with ZeroDivisionError: division by zero", at, "error"),
        ("add", "done in 230\u202fms", at, "finished"),
    ]
    assert fact(subject, "work", f"waits {waiting}").link == Thing("run", plant.first_run)
    assert fact(subject, "work", f"over {failed}").role == "error"
    assert fact(subject, "work", f"over {cancelled}").tip == (
        "Handed off to a process of the pool at 4.000\u202fs. Never begun. Over at 4.240\u202fs: cancelled. "
        "A click shows the run that handed it off."
    )
    assert fact(subject, "work", f"over {done}").tip.split(". ")[1] == "Begun at 4.010\u202fs in pool process 1"


def test_much_heavy_work_is_cut_with_counts(session: Session, plant: Plant) -> None:
    write, pump = plant.write, plant.pumps[0]
    for number in range(30):
        work = write.offload(pump)
        write.work_began(work, pump)
        write.work_ended(work, pump, "failed" if number < 6 else "done" if number < 15 else "cancelled")
    running = [write.offload(pump) for _ in range(25)]
    for work in running:
        write.work_began(work, pump)
    for _ in range(1_203):
        write.offload(pump)
    session.apply_events(session.live.n, write.take())

    lines = work_lines(essence(session, pump))

    assert len(lines) == 20 + 1 + 3 + 1 + 3 * 4 + 1
    assert [name for name, *_ in lines if name != "crunch"] == [
        "… 5 more that run",
        "… 1\u202f200 more that wait",
        "… and before: 5 done, 2 failed, 11 cancelled",
    ]


def test_heavy_work_does_not_look_alive_when_the_program_was_killed(session: Session, plant: Plant) -> None:
    write, pump = plant.write, plant.pumps[0]
    write.work_began(write.offload(pump), pump)
    write.offload(pump)
    session.apply_events(session.live.n, write.take())
    session.apply([TargetStatus("ended", exit_code=-9, died=True)])

    assert [(value, shape) for _, value, _, shape in work_lines(essence(session, pump))] == [
        ("ended while it ran", "finished"),
        ("ended before it began", "finished"),
    ]


def test_bindings_lead_to_the_children(session: Session, plant: Plant) -> None:
    subject = essence(session, plant.plant)

    children = next(it for it in subject.sections if it.key == "children").below
    assert [(it.name, it.value) for it in children[:2]] == [("pump 0", "closed"), ("pump 1", "closed")]
    assert children[0].link == Thing("essence", plant.pumps[0])
    assert children[-1].name == "1 finished"


def test_many_children_are_cut_with_a_count(session: Session, plant: Plant) -> None:
    for n in range(60):
        plant.write.born("Valve", f"v{n}", plant.historian)
    session.apply_events(session.live.n, plant.write.take())

    children = next(it for it in essence(session, plant.historian).sections if it.key == "children").below

    assert len(children) == 51
    assert children[-1].name == "… 10 more"


def test_a_service_lists_its_users(session: Session, plant: Plant) -> None:
    users = told(essence(session, plant.historian), "users")

    assert list(users) == ["plant", "pump 0", "pump 1", "pump 2", "pump 3"]


def test_a_user_lists_the_services_it_uses(session: Session, plant: Plant) -> None:
    assert list(told(essence(session, plant.pumps[0]), "uses")) == ["historian"]


def test_last_runs_stand_newest_first(session: Session, plant: Plant) -> None:
    runs = next(it for it in essence(session, plant.valves[0]).sections if it.key == "runs").below

    assert len(runs) == 12
    assert runs[0].link == Thing("run", last_run(session, plant.valves[0]))
    assert runs[0].value == "ttsc__turn"
    assert runs[0].detail == "8.00\u202fµs"


def test_errors_have_their_traceback_below(session: Session, plant: Plant) -> None:
    errors = next(it for it in essence(session, plant.pumps[1]).sections if it.key == "errors").below

    assert errors[0].value == "ValueError: the pump is dry in ttsc__open"
    assert errors[0].below[0].name == "Traceback (most recent call last):"


def test_what_was_done_by_hand_stands_newest_first(session: Session, plant: Plant) -> None:
    write = plant.write
    write.by_hand(plant.pumps[0], "log mode", "pump 1 to FULL")
    write.by_hand(plant.pumps[1], "finish", "pump 2")
    write.by_hand(plant.pumps[0], "finish", "pump 1")
    session.apply_events(session.live.n, write.take())

    done = next(it for it in essence(session, plant.pumps[0]).sections if it.key == "hands").below

    assert [fact.value for fact in done] == [
        "by hand: finish pump 1 (studio 0.1.0, pid 4711)",
        "by hand: log mode pump 1 to FULL (studio 0.1.0, pid 4711)",
    ]
    link = done[0].link
    assert link is not None
    assert session.live.log[int(str(link.key))].text == done[0].value


def test_a_finished_tonic_says_when(session: Session, plant: Plant) -> None:
    subject = essence(session, plant.guest)

    assert subject.shape == "finished"
    assert "Finished" in told(subject, "identity")


def test_attributes_that_are_on_their_way_are_announced(session: Session, plant: Plant) -> None:
    asking = essence(session, plant.plant, can_ask=True)
    not_asking = essence(session, plant.plant, can_ask=False)

    assert "Asking for them …" in told(asking, "attributes")
    assert "What they were at this moment is not known." in told(not_asking, "attributes")


def test_attributes_of_a_hanging_catalyst_say_what_they_wait_for(session: Session, plant: Plant) -> None:
    plant.write.beat(plant.worker, 4, 900, 0, inside=plant.pumps[0])
    plant.write.wait(3_000 * MS)
    plant.write.beat(plant.main)
    session.apply_events(session.live.n, plant.write.take())
    subject = essence(session, plant.pumps[1], can_ask=True)

    [words] = told(subject, "attributes")

    assert words.startswith("They can be had when pump 0 · ")


def test_nothing_looks_alive_when_the_program_was_killed(session: Session, plant: Plant) -> None:
    session.apply([TargetStatus("ended", "killed by signal 9 (SIGKILL)", -9)])

    subject = essence(session, plant.pumps[1])

    shapes = {each.shape for each in all_facts(subject)} | {subject.shape}
    assert shapes <= {"", "finished", "error", "ignored"}
    assert "They were not asked for while it ran." in told(subject, "attributes")


def test_a_catalyst_says_what_it_does(session: Session, plant: Plant) -> None:
    plant.write.beat(plant.main, depth=3, inside=plant.pumps[0])
    session.apply_events(session.live.n, plant.write.take())

    catalyst = told(describe(session.live, Thing("catalyst", plant.main)), "catalyst")

    assert catalyst["Turned by"] == "qt"
    assert catalyst["Waiting orders"] == "3"
    assert catalyst["Inside"] == "pump 0 · a sparkle"


def test_a_catalyst_whose_runs_are_left_out_is_not_said_to_be_idle(session: Session, plant: Plant) -> None:
    plant.write.add(ev.LevelSet(plant.write.t_ns, 0))
    plant.write.beat(plant.main, depth=3, inside=plant.pumps[0])
    session.apply_events(session.live.n, plant.write.take())

    catalyst = fact(describe(session.live, Thing("catalyst", plant.main)), "catalyst", "busy")

    assert (catalyst.value, catalyst.detail) == ("not counted", "while runs are left out")


def test_a_catalyst_that_ended_in_order_is_no_cause_for_alarm(session: Session, plant: Plant) -> None:
    plant.write.add(ev.CatalystEnded(plant.write.t_ns, plant.worker))
    plant.write.ended(plant.worker)
    session.apply_events(session.live.n, plant.write.take())

    status = fact(describe(session.live, Thing("catalyst", plant.worker)), "catalyst", "status")

    assert (status.shape, status.value) == ("finished", "has ended")


def test_orders_of_a_catalyst_that_has_ended_wait_no_more(session: Session, plant: Plant) -> None:
    plant.write.beat(plant.worker, depth=208)
    plant.write.add(ev.CatalystEnded(plant.write.t_ns, plant.worker))
    plant.write.ended(plant.worker)
    session.apply_events(session.live.n, plant.write.take())

    waiting = fact(describe(session.live, Thing("catalyst", plant.worker)), "catalyst", "depth")

    left = len(session.live.waiting_of(plant.worker)[0])
    assert (waiting.value, waiting.detail) == (str(left), "208 before the end")


def test_a_catalyst_whose_process_died_is_dead(session: Session, plant: Plant) -> None:
    session.apply([TargetStatus("ended", "exit code 3", 3, died=True)])

    status = fact(describe(session.live, Thing("catalyst", plant.worker)), "catalyst", "status")

    assert (status.shape, status.value) == ("dead", "is dead")
