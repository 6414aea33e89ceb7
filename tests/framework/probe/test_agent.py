"""The probe in this process, with real sockets: who is let in, who gets what, and that nothing stays behind."""

from __future__ import annotations

import os
import struct
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tasktonic import events as ev
from tasktonic import probe
from tasktonic.probe.agent import Agent
from tasktonic.probe.outbox import Outbox
from tasktonic.protocol import PROTOCOL, Channel, frame
from tasktonic.protocol.address import Address, find_running
from tasktonic.protocol.messages import (
    Answer,
    Cost,
    Credit,
    Detach,
    Finish,
    Goodbye,
    Granted,
    Hello,
    Hold,
    Inspect,
    Notice,
    Open,
    Refused,
    WatchLevel,
)
from tasktonic.stream import Level, stream
from tests.helpers.stream_rows import Tonic, order, run
from tests.helpers.studio_end import StudioEnd, wait_for

Attach = Callable[..., StudioEnd]
MakeAgent = Callable[..., Agent]


@pytest.fixture
def agent(make_agent: MakeAgent) -> Agent:
    """A probe that listens, with nobody connected."""
    return make_agent()


@pytest.fixture
def stranger(agent: Agent) -> Iterator[StudioEnd]:
    """A connection to it that has said nothing yet."""
    assert agent.listener is not None
    with StudioEnd.connected(str(agent.listener.address)) as end:
        yield end


def _line(n: int) -> ev.LogLine:
    return ev.LogLine(n, 1, ev.Text(f"line {n}"), 0)


def _lines(end: StudioEnd) -> list[str]:
    return [line.text for line in end.seen(ev.LogLine)]


# ---- who is let in


@pytest.mark.parametrize(
    "data, sentence",
    [
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "This is HTTP"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "This is TLS"),
        (b"\x00garbage\xff" * 10, "no frames of tasktonic"),
        (struct.pack("<IBB", 0xFFFFFFFF, 1, 0), "4,294,967,295 bytes"),
        (frame(Channel.DATA, b"ttB1"), "a side that has none to send"),
        (frame(Channel.CONTROL, b"{}"), "unknown kind"),
        (
            frame(Channel.CONTROL, b'{"kind": "detach"}'),
            "The first message must be 'open', with the token; 'detach' came.",
        ),
        (frame(Channel.CONTROL, b'{"kind": "hello", "protocol": 1, "pid": 1, "session": ""}'), "from probe to studio"),
    ],
)
def test_a_stranger_is_told_why_and_closed(stranger: StudioEnd, data: bytes, sentence: str) -> None:
    stranger.say_bytes(data)

    stranger.until_closed()

    (refused,) = stranger.messages
    assert isinstance(refused, Refused)
    assert sentence in refused.reason


@pytest.mark.parametrize("token", ["", "wrong", "\N{SNOWMAN}"])
def test_a_wrong_token_is_refused(stranger: StudioEnd, token: str) -> None:
    stranger.say(Open(PROTOCOL, token))

    stranger.until_closed()

    assert stranger.messages == [Refused("The token is wrong. It is in the token file that the app's entry names.")]


def test_a_newer_protocol_is_refused(agent: Agent, stranger: StudioEnd) -> None:
    assert agent.listener is not None
    stranger.say(Open(PROTOCOL + 1, agent.listener.token))

    stranger.until_closed()

    assert stranger.messages == [
        Refused(
            f"The studio speaks protocol {PROTOCOL + 1}, the app speaks protocol {PROTOCOL}: the studio is newer. "
            "Update the app."
        )
    ]


def test_an_unknown_role_is_refused(agent: Agent, stranger: StudioEnd) -> None:
    assert agent.listener is not None
    stranger.say(Open(PROTOCOL, agent.listener.token, role="owner"))

    stranger.until_closed()

    assert stranger.messages == [Refused("There is no role 'owner': 'view' and 'control' exist.")]


def test_who_says_nothing_is_closed(monkeypatch: pytest.MonkeyPatch, make_agent: MakeAgent) -> None:
    monkeypatch.setattr("tasktonic.probe.viewer.GREETING_NS", 0)
    agent = make_agent()
    assert agent.listener is not None

    with StudioEnd.connected(str(agent.listener.address)) as silent:
        silent.until_closed()

    assert silent.messages == [
        Refused("Nothing was said for five seconds; the first message is 'open', with the token.")
    ]


def test_half_a_frame_does_not_disturb_others(attach: Attach, agent: Agent, stranger: StudioEnd) -> None:
    end = attach(agent)
    end.message(Granted)
    stranger.say_bytes(frame(Channel.CONTROL, b"{}")[:4])
    stranger.close()

    stream.emit(_line(1))

    assert end.event(ev.LogLine) == _line(1)


def test_the_greeting_tells_who_the_app_is(attach: Attach) -> None:
    hello = attach().message(Hello)

    assert (hello.protocol, hello.pid, hello.token) == (PROTOCOL, os.getpid(), "")
    assert hello.executable == sys.executable
    assert hello.monotonic_ns > 0


# ---- roles


def test_there_is_one_controller(attach: Attach, agent: Agent) -> None:
    first = attach(agent)
    assert first.message(Granted) == Granted("control")

    second, third = attach(agent), attach(agent, role="view")

    assert second.message(Granted) == Granted("view", "Another studio controls this app (test control).")
    assert third.message(Granted) == Granted("view")


def test_who_wanted_control_gets_it_when_the_controller_has_gone(attach: Attach, agent: Agent) -> None:
    first = attach(agent)
    first.message(Granted)
    second = attach(agent)
    assert second.message(Granted).role == "view"

    first.close()

    second.until(lambda: second.message(Granted).role == "control", "control")
    assert second.message(Granted) == Granted("control", "The studio that controlled this app has gone.")


@pytest.mark.parametrize("request_", [Finish(7, 1), Hold(7), Inspect(7, 1, use_repr=True)])
def test_a_viewer_may_not_change_anything(attach: Attach, request_: Finish | Hold | Inspect) -> None:
    end = attach(role="view")

    end.say(request_)

    assert end.answer(Answer, 7) == Answer(
        7, False, f"'{request_.kind}' needs control, and this studio views. Another one controls."
    )


def test_a_message_that_is_not_understood_is_answered_by_name(attach: Attach) -> None:
    end = attach()
    end.message(Granted)

    end.say_bytes(frame(Channel.CONTROL, b'{"kind": "teleport"}'))

    assert "unknown kind 'teleport'" in end.message(Notice).text


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

    for n in range(1, 1_001):
        stream.rows.extend((order(n), run(n)))
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


def test_a_stranger_does_not_keep_the_probe_at_the_stream(attach: Attach, agent: Agent, stranger: StudioEnd) -> None:
    end = attach(agent)
    end.message(Granted)

    end.close()

    wait_for(lambda: not stream.active, "the probe to leave the stream")
    assert len(agent._viewers) == 1
    assert not stranger.ended


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts the open files of the process")
def test_attaching_20_times_leaves_threads_or_sockets_as_they_were(attach: Attach, agent: Agent) -> None:
    def what_is_open() -> tuple[int, int]:
        return threading.active_count(), len(list(Path("/proc/self/fd").iterdir()))

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


# ---- the environment


@pytest.mark.parametrize("wish", ["0", "", "no"])
def test_the_environment_may_say_no(monkeypatch: pytest.MonkeyPatch, wish: str) -> None:
    monkeypatch.setenv("TASKTONIC_STUDIO", wish)

    probe.start_from_environment()

    assert probe._agent is None


def test_a_wish_that_is_not_understood_is_said(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TASKTONIC_STUDIO", "perhaps")

    probe.start_from_environment()

    assert capfd.readouterr().err == (
        "tasktonic: TASKTONIC_STUDIO is 'perhaps'; '1' lets a studio attach. Nobody can watch this app.\n"
    )


def test_a_folder_that_cannot_be_trusted_does_not_stop_the_app(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], user_folders: Path
) -> None:
    folder = user_folders / "run" / "tasktonic"
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)
    monkeypatch.setenv("TASKTONIC_STUDIO", "1")

    probe.start_from_environment()

    assert "nobody can watch this app: Others can enter the folder" in capfd.readouterr().err
    assert probe._agent is None
