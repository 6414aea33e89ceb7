"""How one can go on: sparkles of the target, states, hooks, settings and widgets, besides what jedi knows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tasktonic_studio.code.completing import Way, complete
from tasktonic_studio.code.words import SETTINGS
from tests.studio.code.conftest import DOOR, HOUSE, Ask

ROOT = Path(__file__).resolve().parents[3]


def words(ask: Ask, name: str, behind: str = "", text: str = "") -> list[str]:
    return [item.text for item in complete(ask(name, behind, text)).items]


def test_commands_of_the_target_come_first_and_without_a_state(ask: Ask) -> None:
    ways = complete(ask("house", text=HOUSE.replace("self.mystery.ttsc__open()", "self.door.|")))

    assert ways.typed == 0
    assert [it.text for it in ways.items[:3]] == ["ttsc__close", "ttsc__open", "ttsc__unlock"]
    assert ways.items[1] == Way("ttsc__open", "command", "(wide: bool=False) — Door, any state, closed")
    assert "finish" in [it.text for it in ways.items]


def test_a_service_that_was_bound_is_known(ask: Ask) -> None:
    assert "ttsc__unlock" in words(ask, "house", text=HOUSE.replace("self.mystery.ttsc__open()", "self.gate.tt|"))


def test_a_tonic_may_call_its_own_sparkles_without_the_state(ask: Ask) -> None:
    found = words(ask, "door", text=DOOR.replace('self.to_state(self.name + "ed")', "self.ttsc|"))

    assert found[:3] == ["ttsc__close", "ttsc__open", "ttsc__unlock"]


def test_to_state_offers_the_states_of_whom_it_is_told(ask: Ask) -> None:
    ways = complete(ask("house", 'self.door.to_state("'))

    assert [it.text for it in ways.items] == ["closed", "jammed", "locked", "open"]
    assert ways.items[0] == Way("closed", "state", "of Door")


@pytest.mark.parametrize("rest", ['"', "", '")'])
def test_states_are_offered_before_the_text_is_finished(ask: Ask, rest: str) -> None:
    text = DOOR.replace('self.to_state("closed")', f'self.to_state("op|{rest}')

    assert words(ask, "door", text=text) == ["open"]


def test_a_handler_is_offered_for_each_other_state_and_hook(ask: Ask) -> None:
    text = DOOR.replace("    def ttse_open__on_enter(self):\n        pass\n", "    def tts|\n")

    found = words(ask, "door", text=text)

    assert {"ttsc_open__open", "ttse_closed__on_enter", "ttse__on_finished", "ttsc_jammed__"} <= set(found)
    assert "ttsc_closed__open" not in found


def test_a_timer_with_a_name_offers_what_it_calls(ask: Ask) -> None:
    text = (
        DOOR.replace("        pass\n", '        self.bind(ttTimerRepeat, seconds=1, name="beat")\n', 1)
        + "\n    def ttse|\n"
    )

    ways = complete(ask("door", text=text)).items

    assert Way("ttse__on_beat", "timer", "Called by the timer beat.") in ways
    assert Way("ttse_open__on_beat", "timer", "Called by the timer beat, in open.") in ways


def test_a_method_of_no_tonic_is_left_alone(ask: Ask) -> None:
    assert words(ask, "door", text="class Plain:\n    def t|\n") == []


def test_the_settings_of_an_app_are_offered_with_their_meaning(ask: Ask) -> None:
    ways = complete(ask("house", '"tasktonic/log/t'))

    assert ways == (1, [Way("to", "setting", SETTINGS["tasktonic/log/to"])])


def test_the_settings_are_those_of_the_framework() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")

    assert set(re.findall(r"^\| `(tasktonic/[^`]+)`", page, re.MULTILINE)) == set(SETTINGS)


def test_signals_of_widgets_are_offered_by_name(ask: Ask) -> None:
    text = (
        "class Window(ttPysideWindow):\n    def setup_ui(self):\n        self.plus = QPushButton('+')\n\n"
        "    def ttse_on__on_enter(self): ...\n\n    def ttqt|\n"
    )

    found = words(ask, "door", text=text)

    assert {"ttqt__plus__clicked", "ttqt_on__plus__clicked"} <= set(found)


def test_nothing_is_offered_in_comments_and_other_texts(ask: Ask) -> None:
    assert words(ask, "door", text="x = 1  # self.|") == []
    assert words(ask, "door", text="x = 'self.|'") == []


def test_ordinary_names_come_from_the_rest_of_the_file(ask: Ask) -> None:
    assert "number" in words(ask, "door", text="number = 1\nprint(num|)\n")
