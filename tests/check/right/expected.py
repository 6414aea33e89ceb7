"""What raises on purpose: it is caught, or a test expects it."""

from __future__ import annotations

import contextlib

import pytest
import tasktonic
from tasktonic import ttTonic, ttUnknownState


class Door(ttTonic):
    def ttse__on_start(self):
        with contextlib.suppress(ttUnknownState):
            self.to_state("nope")
        try:
            self.to_state("nor this")
        except (tasktonic.ttUnknownState, OSError):
            self.to_state("open")
        with contextlib.suppress(AttributeError):
            self.ttsc__gone()
            super().ttsc__gone()
        with contextlib.suppress(TypeError):
            self.ttsc__push()

    def ttsc_open__push(self, how):
        pass


def test_what_a_door_does_not_do(log):
    door = Door()
    with pytest.raises(ttUnknownState, match="nope"):
        door.to_state("nope")
    with log, pytest.raises((AttributeError, ValueError)):
        door.ttsc__gone()
    with pytest.raises(expected_exception=TypeError) as raised:
        door.ttsc__push(1, 2)
    assert raised
