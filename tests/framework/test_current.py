"""Who calls, by thread."""

from __future__ import annotations

import threading
from typing import Any

from tasktonic import ttTonic
from tasktonic.current import here, outside, turning
from tests.helpers.apps import in_thread, run_app


def test_a_thread_without_a_catalyst_is_named_as_the_caller() -> None:
    names: list[str] = []

    in_thread(lambda: names.append(outside().via))

    assert names == [f"thread {name}" for name in names[0].split()[1:]]


def test_what_stands_for_a_thread_goes_with_it() -> None:
    idents: list[int] = []

    def call() -> None:
        idents.append(threading.get_ident())
        outside()
        assert idents[0] in turning

    in_thread(call)

    assert idents[0] not in turning


def test_no_catalyst_turns_on_a_thread_that_called_from_outside() -> None:
    found: list[Any] = []

    def call() -> None:
        outside()
        found.append(here.catalyst)

    in_thread(call)

    assert found == [None]


def test_a_catalyst_is_found_on_its_thread_while_it_turns_only() -> None:
    found: list[Any] = []

    class Door(ttTonic):
        def ttse__on_start(self) -> None:
            found.append(here.catalyst is self.catalyst)
            self.finish()

    run_app(Door)

    assert found == [True]
    assert here.catalyst is None
