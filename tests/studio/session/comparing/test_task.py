"""A comparison in its thread: the window that closes does not wait for a drive that hangs."""

from __future__ import annotations

import threading

import pytest

from tasktonic_studio.session.comparing import task
from tasktonic_studio.session.comparing.side import Taken, take
from tasktonic_studio.session.comparing.task import Comparing
from tests.helpers.builders import a_session_with_plant
from tests.helpers.patience import PATIENCE_S


def test_one_that_cannot_be_stopped_is_left_behind_and_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    here = take(a_session_with_plant(rounds=1).live, "here")
    reads, goes_on = threading.Event(), threading.Event()
    told: list[object] = []

    def hangs(comparing: Comparing, file: str) -> Taken:
        reads.set()
        goes_on.wait(PATIENCE_S)
        return here

    monkeypatch.setattr(Comparing, "_read", hangs)
    monkeypatch.setattr(task, "END_S", 0.01)
    comparing = Comparing(here, "slow.ttt", lambda *result: told.append(result))
    comparing.start()
    assert reads.wait(PATIENCE_S)

    comparing.finish()
    was_going = comparing.is_going
    goes_on.set()
    comparing._thread.join(PATIENCE_S)

    assert was_going
    assert not comparing.is_going
    assert told == []
