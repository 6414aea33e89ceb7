"""A replacement that is broken off: an error or Ctrl+C on the way, a catalyst that does not come to the meeting."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from tasktonic.replacing import Meeting, done_to, prepare
from tests.framework.replacing.house import HOUSE, Load, changed


def test_nothing_is_half_done_when_something_fails_on_the_way(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    module, path = load()
    text = changed(
        ("return text.upper()", "return text.lower()"), ('return "old"\n\n    def s', 'return "new"\n\n    def s')
    )
    wanted = prepare(path, text)
    wanted.plan.swaps[-1].defaults = "no tuple"  # type: ignore[assignment]

    with pytest.raises(TypeError):
        wanted.carry_out()

    assert module.shout("a") == "A"
    assert done_to(path) == 0


def test_ctrl_c_in_the_middle_takes_all_back_and_goes_through(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    module, path = load()
    told: list[Any] = []
    wanted = prepare(path, changed(("return text.upper()", "return text.lower()")), HOUSE)

    class Catalyst:
        name = "main"

        def for_a_look(self, errand: Callable[[], None]) -> None:
            with pytest.raises(KeyboardInterrupt):
                errand()

    def interrupted(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    def act() -> None:
        wanted.carry_out()

    with monkeypatch.context() as patched:
        patched.setattr("tasktonic.replacing.applying._bind_new_sparkles", interrupted)
        Meeting([Catalyst()], act, told.append).call()

    assert [type(it) for it in told] == [KeyboardInterrupt]
    assert module.shout("a") == "A"
    assert done_to(path) == 0
    assert prepare(path, HOUSE, HOUSE).plan.changes() == []


def test_ctrl_c_while_a_catalyst_waits_for_the_others_ends_the_meeting(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []
    here: list[Any] = []

    class Catalyst:
        name = "one"

        def for_a_look(self, errand: Callable[[], None]) -> None:
            here.append(errand)

    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    meeting = Meeting([Catalyst(), Catalyst()], lambda: told.append("never"), told.append)
    meeting.call()
    monkeypatch.setattr(meeting._changed, "wait_for", interrupted)
    with pytest.raises(KeyboardInterrupt):
        here[0]()
    here[1]()

    assert [type(it) for it in told] == [KeyboardInterrupt]


def test_a_meeting_acts_while_all_stand_and_gives_up_when_one_does_not_come() -> None:
    told: list[Any] = []
    here: list[Any] = []

    class Late:
        name = "late"

        def for_a_look(self, errand: Callable[[], None]) -> None:
            here.append(errand)

    late = Late()
    meeting = Meeting([late, late], lambda: told.append("done"), told.append)
    meeting.call()
    thread = threading.Thread(target=here[0])
    thread.start()
    here[1]()
    thread.join()
    assert told == ["done", None]

    here.clear()
    meeting = Meeting([late, late], lambda: told.append("never"), told.append, patience_s=0)
    meeting.call()
    here[0]()
    here[1]()
    assert isinstance(told.pop(), TimeoutError)
    assert told == ["done", None]
