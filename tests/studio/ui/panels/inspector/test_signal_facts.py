"""What the inspector says of sparkles that are bound to signals by their names: short names that fit, the long one below."""

from __future__ import annotations

from tasktonic.protocol.messages import SignalRow, Signals
from tasktonic_studio.session.inbox import Told
from tasktonic_studio.session.session import Session
from tasktonic_studio.ui.panels.inspector.fact import Fact
from tasktonic_studio.ui.panels.inspector.signal_facts import signal_lines
from tests.helpers.builders import EventWriter

PLUS, PANEL = "ttqt__plus__clicked", "ttqt__panel__speed__valueChanged"


def lines(*rows: SignalRow) -> dict[str, Fact]:
    """The lines by what stands on their left, of a widget with two such sparkles."""
    session, write = Session(), EventWriter()
    write.cls("Desk", sparkles=(PLUS, PANEL, "ttse__on_start"))
    desk = write.born("Desk", "desk")
    session.apply_events(0, write.take())
    if rows:
        session.apply([Told(Signals(desk, 1, rows))])
    facts = session.live.essences.get(desk)
    assert facts is not None
    return {line.name: line for line in signal_lines(session.live, facts)}


def below(line: Fact) -> dict[str, str]:
    return {it.name: it.value for it in line.below}


def test_before_the_app_has_answered_the_name_of_the_sparkle_says_what_it_is_bound_to() -> None:
    found = lines()

    assert {name: line.value for name, line in found.items()} == {"plus": "clicked", "panel.speed": "valueChanged"}
    assert found["plus"].tip == PLUS
    assert below(found["plus"])["Sparkle"] == PLUS


def test_a_signal_stands_with_what_it_brings_and_whether_it_is_connected() -> None:
    row = SignalRow(PLUS, "self.plus", "QPushButton", "clicked(bool)", connected=True)

    line = lines(row)["plus"]

    assert (line.value, line.detail, line.shape) == ("clicked(bool)", "QPushButton", "ok")
    assert line.tip == "ttqt__plus__clicked: self.plus is a QPushButton; connected."
    assert below(line) == {
        "Sparkle": PLUS,
        "Widget": "self.plus",
        "Signal": "clicked(bool)",
        "in any state": PLUS,
        "Fired": "not seen yet",
    }


def test_a_name_that_leads_nowhere_says_so_and_is_unfolded() -> None:
    problem = "ttqt__plus__clicked: self has no widget 'plus'."

    line = lines(SignalRow(PLUS, problem=problem))["plus"]

    assert (line.value, line.shape, line.tip, line.is_open) == ("clicked leads nowhere", "error", problem, True)
    assert line.below[0].name == problem
