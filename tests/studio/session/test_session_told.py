"""What a session makes of what was said: lines of the log, gaps, and what the probe and the services tell."""

from __future__ import annotations

import pytest

from tasktonic import events as ev
from tasktonic.protocol import messages
from tasktonic_studio.session import knowledge
from tasktonic_studio.session.inbox import FlowDropped, Notice, Output, TargetBegan, TargetStatus, Told
from tasktonic_studio.session.session import Session
from tests.helpers.builders import MS, EventWriter, a_session_with_plant, plant_of, tell

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
