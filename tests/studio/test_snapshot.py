"""A picture shows a tonic that tells something."""

from __future__ import annotations

from tasktonic_studio.session.session import Session
from tasktonic_studio.snapshot import most_telling
from tests.helpers.builders import a_session_with_plant, plant_of


def test_the_most_telling_tonic_is_alive_has_a_state_and_a_timer() -> None:
    session = a_session_with_plant()

    essence = most_telling(session.live)

    assert essence is not None
    assert session.live.state_name(essence) != "--"
    assert session.live.timers_of(essence)


def test_a_tonic_can_be_asked_for_by_name() -> None:
    session = a_session_with_plant()

    assert most_telling(session.live, "valve 6") == plant_of(session).valves[1]


def test_an_empty_session_has_none() -> None:
    assert most_telling(Session().live) is None
