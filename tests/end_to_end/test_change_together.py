"""Changing real apps while others do so too: two Studios, values and tonics that change meanwhile, the past, a diagram."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tasktonic.protocol.messages import Call, Finish, Granted
from tasktonic_studio.session.selection import Thing
from tests.helpers.changed_apps import THREADS, Hands, Steps, call_by_dialog
from tests.helpers.scripts_apart import listening
from tests.helpers.studio_end import StudioEnd


@pytest.fixture
def pumps(script: Any) -> Iterator[subprocess.Popen[str]]:
    """The app as a process of its own, that listens."""
    with listening(script(THREADS), subprocess.PIPE, text=True, stdin=subprocess.PIPE) as process:
        yield process


def test_a_second_studio_views_until_the_first_has_left(run_studio: Any, pumps: subprocess.Popen[str]) -> None:
    first = StudioEnd.of_running(pumps.pid)
    assert first.message(Granted).role == "control"

    def steps(person: Any) -> Steps:
        hands = Hands(person)
        yield lambda: hands.is_up and person.live.target.role == "view"
        hands.select("near")
        for command in ("finish", "call", "state", "log_full", "evaluate", "live_edit"):
            line = hands.menu_line(f"change.{command}")
            assert not line.isEnabled()
            assert "Not now: This Studio only views: another one controls the app." in line.toolTip()

        first.close()
        yield lambda: person.live.target.role == "control"
        yield from call_by_dialog(hands, "ttsc__run", "4")
        yield lambda: hands.by_hand("call near.ttsc__run(4)")

    try:
        run_studio(steps, "--attach", str(pumps.pid))
    finally:
        first.close()


def test_what_changed_meanwhile_is_not_overwritten(run_studio: Any, script: Any) -> None:
    def steps(person: Any) -> Steps:
        hands = Hands(person)
        yield lambda: hands.is_up and hands.row_is_there("pump/limit")
        hands.menu_line("change.live_edit").trigger()
        view = person.panel("store")
        hands.double_click_value("pump/limit")
        yield lambda: view.editor.is_open
        person.bench.requests.send(Call(0, hands.id("far"), "ttsc__set_limit", "8"))
        yield lambda: hands.value("pump/limit") == "8"

        hands.type("6", view.editor.line)
        person.press(Qt.Key.Key_Return)

        yield lambda: person.sentence.startswith(
            "pump/limit has changed meanwhile: it was 5 (int), now it is 8 (int). Nothing was set"
        )
        assert len(person.bench.session.edits) == 0
        assert hands.value("pump/limit") == "8"
        assert not any("store set" in line for line in person.log_texts())

    run_studio(steps, script(THREADS))


def test_what_finished_meanwhile_is_answered_with_a_sentence(run_studio: Any, script: Any) -> None:
    def steps(person: Any) -> Steps:
        hands = Hands(person)
        yield lambda: hands.is_up
        far = hands.id("far")
        hands.select("far")
        hands.menu_line("change.state").trigger()
        yield lambda: person.bench.changing.state_dialog is not None
        person.bench.requests.send(Finish(0, far))
        yield lambda: not person.live.essences.get(far).is_alive

        QTest.keyClick(person.bench.changing.state_dialog.list, Qt.Key.Key_Return)

        yield (
            lambda: (
                person.sentence
                == (f"Nothing that lives has the id {far}: it has finished, or belongs to an earlier app.")
            )
        )

    run_studio(steps, script(THREADS))


def test_a_past_moment_is_not_changed(run_studio: Any, script: Any) -> None:
    def steps(person: Any) -> Steps:
        hands = Hands(person)
        yield lambda: hands.is_up
        hands.select("near")
        person.bench.selection.look_at(person.live.n - 1)
        for command in ("finish", "call", "state", "evaluate"):
            line = hands.menu_line(f"change.{command}")
            assert not line.isEnabled()
            assert "Not now: A past moment is shown: go back to live first (End)." in line.toolTip()
        person.press(Qt.Key.Key_End, Qt.KeyboardModifier.AltModifier)
        yield lambda: hands.menu_line("change.call").isEnabled()

    run_studio(steps, script(THREADS))


def test_a_tonic_is_sent_to_the_state_that_is_chosen_in_its_diagram(run_studio: Any, script: Any) -> None:
    def steps(person: Any) -> Steps:
        hands = Hands(person)
        yield lambda: hands.is_up and person.live.state_name(hands.id("far")) == "off"
        far = person.live.essences.get(hands.id("far"))
        view = person.panel("state_machine")
        hands.select("far")
        yield lambda: view.instance is not None and view.instance.id == far.id
        assert "Not now: Choose a state first." in hands.menu_line("state_machine.send_here").toolTip()

        on = person.live.names.states(far.cls).index("on")
        person.bench.selection.select(Thing("state", (far.cls, on)))
        yield lambda: hands.menu_line("state_machine.send_here").isEnabled()
        hands.menu_line("state_machine.send_here").trigger()

        yield lambda: hands.has_said("enters on far") and hands.by_hand("change state far to on")

    run_studio(steps, script(THREADS))
