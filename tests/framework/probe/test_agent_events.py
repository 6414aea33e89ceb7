"""Which events the probe in this process gives to whom, what becomes of too many, and that nothing stays behind."""

from __future__ import annotations

import gc
import os
import threading
from pathlib import Path

import pytest

from tasktonic import events as ev
from tasktonic import probe
from tasktonic.observation import SECOND
from tasktonic.probe.agent import Agent
from tasktonic.probe.outbox import Outbox
from tasktonic.protocol import Channel, frame
from tasktonic.protocol.address import Address, find_running
from tasktonic.protocol.messages import Cost, Credit, Detach, Goodbye, Granted, Notice, Refused, WatchLevel
from tasktonic.stream import Level, stream
from tests.framework.probe.agents import Attach, MakeAgent
from tests.helpers.patience import PATIENCE_S
from tests.helpers.stream_rows import Tonic, order, run
from tests.helpers.studio_end import StudioEnd, wait_for


def _line(n: int) -> ev.LogLine:
    return ev.LogLine(n, 1, ev.Text(f"line {n}"), 0)


def _lines(end: StudioEnd) -> list[str]:
    return [line.text for line in end.seen(ev.LogLine)]


def test_half_a_frame_does_not_disturb_others(attach: Attach, agent: Agent, stranger: StudioEnd) -> None:
    end = attach(agent)
    end.message(Granted)
    stranger.say_bytes(frame(Channel.CONTROL, b"{}")[:4])
    stranger.close()

    stream.emit(_line(1))

    assert end.event(ev.LogLine) == _line(1)


# ---- events


def test_events_come_in_their_order(attach: Attach) -> None:
    end = attach()
    end.message(Granted)

    for n in range(1, 2_001):
        stream.emit(order(n))
        stream.emit(run(n))
        stream.emit(_line(n))

    end.event(ev.LogLine, lambda line: line.text == "line 2000")
    kinds = [type(event) for _, event in end.events if type(event) in (ev.Ordered, ev.Ran, ev.LogLine)]
    assert kinds == [ev.Ordered, ev.Ran, ev.LogLine] * 2_000
    numbers = [n for n, _ in end.events]
    assert numbers == sorted(set(numbers))


def test_who_joins_later_understands_names_from_before(attach: Attach, agent: Agent) -> None:
    first = attach(agent)
    first.message(Granted)
    stream.emit(ev.StateDefined(1, 0, ev.Name("a_name_from_before")))
    first.event(ev.StateDefined, lambda event: event.name == "a_name_from_before")  # snapshots tell of other classes

    second = attach(agent, role="view")
    second.message(Granted)
    stream.emit(ev.StateDefined(1, 1, ev.Name("a_name_from_before")))

    told = second.event(ev.StateDefined, lambda event: event.name == "a_name_from_before")
    assert told == ev.StateDefined(1, 1, ev.Name("a_name_from_before"))


def test_without_credit_flow_becomes_a_gap_while_facts_are_kept(
    attach: Attach, make_agent: MakeAgent, monkeypatch: pytest.MonkeyPatch
) -> None:
    # On a busy machine the probe leaves out flow for everybody, as it may; that is not what is asked here.
    monkeypatch.setattr("tasktonic.observation.Meter.may_spend", lambda meter: True)
    agent = make_agent(make_outbox=iter([Outbox(ring_bytes=40_000), Outbox()]).__next__)
    poor = attach(agent, credit=0)
    poor.message(Granted)
    rich = attach(agent, role="view")
    rich.message(Granted)

    for n in range(1, 3_001):
        stream.emit(order(n))
        stream.emit(run(n))
        stream.emit(_line(n))
    rich.event(ev.LogLine, lambda line: line.text == "line 3000")
    assert poor.events == []
    poor.say(Credit(1 << 30))

    poor.event(ev.LogLine, lambda line: line.text == "line 3000")
    assert _lines(poor) == [f"line {n}" for n in range(1, 3_001)]
    lost = sum(gap.orders for gap in poor.seen(ev.Gap))
    assert lost > 0
    assert lost + len(poor.seen(ev.Ordered)) == 3_000
    assert sum(gap.runs for gap in poor.seen(ev.Gap)) + len(poor.seen(ev.Ran)) == 3_000
    assert rich.seen(ev.Gap) == []


def test_credit_may_be_overdrawn_by_one_block_only(attach: Attach, agent: Agent) -> None:
    end = attach(agent, credit=1)
    end.message(Granted)
    (viewer,) = agent._viewers

    stream.emit(_line(1))
    end.until(lambda: end.blocks, "one block")
    stream.emit(_line(2))

    wait_for(lambda: len(viewer.outbox), "a block to wait")
    assert viewer.credit < 0
    assert len(end.blocks) == 1


def test_who_takes_nothing_for_too_long_is_parted_with(attach: Attach, make_agent: MakeAgent) -> None:
    agent = make_agent(make_outbox=lambda: Outbox(ring_bytes=10_000, facts_bytes=20_000))
    end = attach(agent, credit=0)
    end.message(Granted)

    for n in range(2_000):
        stream.emit(_line(n))
    stream.hand_over()

    end.until_closed()
    assert "took nothing for so long" in end.message(Refused).reason


def test_flow_that_costs_too_much_becomes_a_gap(attach: Attach, agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasktonic.observation.Meter.may_spend", lambda meter: False)
    monkeypatch.setattr("tasktonic.probe.flow.COST_NS", 50_000_000)
    end = attach(agent)
    end.message(Granted)

    much = [row for n in range(1, 1_001) for row in (order(n), run(n))]
    stream.rows.extend(much)  # at once: little by little it would be left alone
    stream.emit(_line(1))

    assert end.event(ev.LogLine) == _line(1)
    lost = sum(gap.orders for gap in end.seen(ev.Gap))
    assert lost > 0
    assert lost + len(end.seen(ev.Ordered)) == 1_000
    end.until(lambda: end.message(Cost).lost_orders == lost, "the loss to be told")
    assert end.message(Cost).lost_runs > 0


def test_lasting_pressure_steps_the_level_down_and_calm_up_again(
    attach: Attach, agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tasktonic.observation.Meter.may_spend", lambda meter: False)
    monkeypatch.setattr("tasktonic.probe.flow.COST_NS", 1_000_000)
    monkeypatch.setattr("tasktonic.clock.now_ns", lambda: 1_234)
    end = attach(agent)

    def busy_at(level: Level) -> bool:
        stream.rows.extend([order(1)] * 300)
        return end.message(Cost).level == level

    end.until(lambda: busy_at(Level.FACTS), "the level to step down")
    assert "are left out for a while" in end.message(Notice).text

    end.until(lambda: end.message(Cost).level == Level.FLOW, "the level to step up")
    gap = end.event(ev.Gap, lambda gap: (gap.orders, gap.runs) == (0, 0))
    assert gap == ev.Gap(1_234, 1_234, 0, 0), "the time of the app, whatever the clock of the machine says"


def test_the_flow_of_a_calm_app_is_never_left_out(
    attach: Attach, agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tasktonic.observation.Meter.may_spend", lambda meter: False)
    end = attach(agent)
    end.message(Granted)

    stream.rows.extend(order(n) for n in range(1, 101))

    end.event(ev.Ordered, lambda fact: fact.order == 100)
    assert end.seen(ev.Gap) == []


@pytest.mark.parametrize("level, kinds", [(0, set()), (1, {ev.Ran}), (2, {ev.Ordered, ev.Ran})])
def test_a_studio_gets_the_flow_it_asked_for(attach: Attach, agent: Agent, level: int, kinds: set[type]) -> None:
    all_of_it, asked_for = attach(agent), attach(agent, role="view", level=level)
    all_of_it.message(Granted)
    asked_for.message(Granted)

    stream.emit(order(1))
    stream.emit(run(1))
    stream.emit(_line(1))

    asked_for.event(ev.LogLine)
    assert {type(event) for _, event in asked_for.events} & {ev.Ordered, ev.Ran} == kinds


def test_the_stream_is_asked_for_what_the_most_curious_wants(attach: Attach, agent: Agent) -> None:
    end = attach(agent, level=0)
    end.message(Granted)
    wait_for(lambda: stream.active and stream.level == Level.FACTS, "facts only")

    end.say(WatchLevel(99))

    wait_for(lambda: stream.level == Level.PREVIEWS, "previews")


def test_secrets_among_arguments_are_hidden(attach: Attach) -> None:
    end = attach(level=3)
    end.message(Granted)
    tonic = Tonic(1, ("user", "password"))

    stream.emit(order(1, "ann", "hunter2", tonic=tonic))

    assert end.event(ev.Ordered).arguments == "user='ann', password=(hidden)"


def test_the_cost_is_told(attach: Attach, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasktonic.probe.flow.COST_NS", 1_000_000)

    cost = attach().message(Cost)

    assert cost.level == Level.FLOW
    assert cost.percent >= 0
    assert (cost.lost_orders, cost.lost_runs) == (0, 0)


# ---- nothing stays behind


def test_with_nobody_connected_nobody_reads_the_stream(attach: Attach, agent: Agent) -> None:
    end = attach(agent)
    end.message(Granted)
    wait_for(lambda: stream.active, "the probe to read the stream")

    end.say(Detach())

    end.until_closed()
    wait_for(lambda: not stream.active, "the probe to leave the stream")


def test_a_studio_that_vanishes_is_forgotten(attach: Attach, agent: Agent) -> None:
    end = attach(agent)
    end.message(Granted)

    end.close()

    wait_for(lambda: not stream.active, "the probe to leave the stream")
    assert agent._viewers == []


def test_who_attaches_while_another_one_vanishes_understands_everything(attach: Attach, agent: Agent) -> None:
    for n in range(30):
        end = attach(agent)
        end.message(Granted)
        stream.emit(ev.StateDefined(n, 0, ev.Name(f"state {n}")))
        end.event(ev.StateDefined, lambda fact, n=n: fact.cls == n)  # type: ignore[misc]
        end.close()


def test_a_stranger_does_not_keep_the_probe_at_the_stream(
    attach: Attach, make_agent: MakeAgent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tasktonic.probe.viewer.GREETING_NS", int(PATIENCE_S) * SECOND)  # it is not sent away meanwhile
    agent = make_agent()
    assert agent.listener is not None
    stranger = StudioEnd.connected(str(agent.listener.address))
    end = attach(agent)
    end.message(Granted)

    end.close()

    wait_for(lambda: not stream.active, "the probe to leave the stream")
    with stranger:
        assert len(agent._viewers) == 1
        assert not stranger.ended


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts the open files of the process")
def test_attaching_20_times_leaves_threads_or_sockets_as_they_were(attach: Attach, agent: Agent) -> None:
    def what_is_open() -> tuple[int, int]:
        return threading.active_count(), len(list(Path("/proc/self/fd").iterdir()))

    gc.collect()  # what other tests have left open is closed now, and not at any moment
    before = what_is_open()

    for _ in range(20):
        end = attach(agent)
        end.message(Granted)
        end.close()

    wait_for(lambda: what_is_open() == before, "everything to be closed")
    assert agent._calls.later == []


def test_stopping_says_goodbye_after_the_last_event(attach: Attach) -> None:
    end = attach(credit=1)
    end.message(Granted)
    for n in range(100):
        stream.emit(_line(n))

    probe.stop("That was all.")

    end.until_closed()
    assert _lines(end)[-1] == "line 99"
    assert end.messages[-1] == Goodbye("That was all.")


def test_stopping_removes_the_files() -> None:
    probe.start()
    assert [one.pid for one in find_running() if not one.problem] == [os.getpid()]

    probe.stop()

    assert [one for one in find_running() if one.pid == os.getpid()] == []


def test_starting_twice_gives_the_same_address() -> None:
    try:
        assert probe.start() == probe.start()
    finally:
        probe.stop()


def test_stopping_what_does_not_run_is_harmless() -> None:
    probe.stop()
    probe.stop()


def test_a_fault_of_the_probe_ends_the_probe_with_one_line(
    attach: Attach, agent: Agent, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    end = attach(agent)
    end.message(Granted)

    def broken(*_: object) -> None:
        raise RuntimeError("a fault made by the test")

    monkeypatch.setattr(agent._tap, "take_blocks", broken)

    end.until_closed()
    wait_for(lambda: not agent._thread.is_alive(), "the thread to end")
    assert not stream.active
    (line,) = capfd.readouterr().err.splitlines()
    assert line.startswith(
        "tasktonic: the probe failed and is off from now on; the app runs on. (RuntimeError: a fault"
    )


def test_a_snapshot_that_fails_is_told_and_the_rest_goes_on(
    attach: Attach, agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise RuntimeError("a fault made by the test")

    monkeypatch.setattr("tasktonic.probe.agent.take_snapshot", broken)
    end = attach(agent)

    assert "What already lived could not be told" in end.message(Notice).text
    stream.emit(_line(1))
    assert end.event(ev.LogLine) == _line(1)


def test_without_unix_sockets_a_port_of_this_machine_is_used(
    monkeypatch: pytest.MonkeyPatch, attach: Attach, make_agent: MakeAgent
) -> None:
    monkeypatch.setattr("tasktonic.probe.listener.listening_address", lambda folder, pid: Address(port=0))
    agent = make_agent()
    assert agent.listener is not None
    assert str(agent.listener.address).startswith("tcp:127.0.0.1:")

    end = attach(agent)
    end.message(Granted)
    stream.emit(_line(1))

    assert end.event(ev.LogLine) == _line(1)
