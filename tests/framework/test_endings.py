"""How essences and tonics end."""

from __future__ import annotations

import pytest

from tasktonic import ttEssence, ttTonic
from tasktonic.events import Dropped, Ended
from tasktonic.stream import Level
from tests.helpers.apps import in_thread, reading, run_app
from tests.helpers.endings import Part, Teller

pytestmark = pytest.mark.usefixtures("told")


# -- plain essences -------------------------------------------------------------------------------------------------------


def test_plain_tree_has_finished_when_the_call_returns() -> None:
    top = Part()
    inner = top.bind(Part)

    top.finish()

    assert (top.id, inner.id) == (-1, -1)


def test_finishing_twice_is_harmless() -> None:
    part = Part()

    part.finish()
    part.finish()

    assert part.id == -1


def test_children_end_before_their_parent_the_youngest_first() -> None:
    with reading() as rows:
        top = Part(name="top")
        for name in ("a", "b"):
            child = top.bind(Part, name=name)
            child.bind(Part, name=name + "1")
        names = {essence._tt_id: essence.name for essence in top.ledger.essences}
        top.finish()

    assert [names[row.essence] for row in rows.of(Ended)] == ["b1", "b", "a1", "a", "top"]


def test_essence_that_finishes_in_its_init_ends_when_it_is_made() -> None:
    class Short(ttEssence):
        def __init__(self) -> None:
            super().__init__()
            self.finish()
            self.id_meanwhile = self.id

    short = Short()

    assert short.id_meanwhile >= 0
    assert short.id == -1


def test_deep_tree_finishes() -> None:
    top = at = Part()
    for _ in range(5_000):
        at = Part(context=at)

    top.finish()

    assert at.id == -1
    assert top.ledger.essences == []


def test_wide_tree_finishes() -> None:
    top = Part()
    for _ in range(20_000):
        Part(context=top)

    top.finish()

    assert top.ledger.essences == []


def test_child_that_finishes_its_parent_in_binding_finished_is_harmless() -> None:
    class Top(ttEssence):
        def binding_finished(self, essence_id: int) -> None:
            self.finish()

    top = Top()
    top.bind(Part).finish()

    assert top.id == -1


def test_finishing_from_another_thread_ends_a_plain_essence() -> None:
    part = Part()

    in_thread(part.finish).join()

    assert part.id == -1


def test_binding_finished_that_raises_does_not_stop_an_ending(capsys: pytest.CaptureFixture[str]) -> None:
    class Top(ttEssence):
        def binding_finished(self, essence_id: int) -> None:
            raise LookupError("heard wrong")

    top = Top()
    part = top.bind(Part)

    part.finish()

    assert part.id == -1
    assert "LookupError: heard wrong" in capsys.readouterr().err


# -- tonics -----------------------------------------------------------------------------------------------------------


def test_what_was_queued_before_finish_still_runs() -> None:
    seen: list[str] = []

    class Worker(ttTonic):
        def ttse__on_start(self) -> None:
            self.ttsc__work("before")
            self.finish()

        def ttsc__work(self, what: str) -> None:
            seen.append(what)

    run_app(Worker)

    assert seen == ["before"]


def test_what_is_queued_after_finish_is_dropped() -> None:
    seen: list[str] = []

    class Worker(ttTonic):
        def ttse__on_start(self) -> None:
            self.finish()
            self.ttsc__work("after")

        def ttsc__work(self, what: str) -> None:
            seen.append(what)

    run_app(Worker)

    assert seen == []


def test_dropped_order_is_told() -> None:
    class Worker(ttTonic):
        def ttse__on_start(self) -> None:
            self.finish()
            self.ttsc__work()

        def ttsc__work(self) -> None: ...

    with reading() as rows:
        run_app(Worker)

    assert [row.reason for row in rows.of(Dropped)] == ["finished"]


def test_order_called_in_on_finished_is_dropped() -> None:
    seen: list[str] = []

    class Worker(ttTonic):
        def ttse__on_start(self) -> None:
            self.finish()

        def ttse__on_finished(self) -> None:
            self.ttsc__work()

        def ttsc__work(self) -> None:
            seen.append("ran")

    with reading(Level.FLOW) as rows:
        run_app(Worker)

    assert seen == []
    assert len(rows.of(Dropped)) == 1


def test_state_machine_stops_before_on_finished() -> None:
    seen: list[str] = []

    class Worker(ttTonic):
        def ttse__on_start(self) -> None:
            self.to_state("busy")
            self.finish()

        def ttse_busy__on_exit(self) -> None:
            seen.append(f"exit {self.get_current_state_name()}")

        def ttse__on_finished(self) -> None:
            seen.append(f"finished {self.get_current_state_name()}")

    run_app(Worker)

    assert seen == ["exit busy", "finished --"]


def test_on_finished_runs_once() -> None:
    class Twice(Teller):
        def ttse__on_start(self) -> None:
            self.finish()
            self.finish()

        def ttse__on_finished(self) -> None:
            self.finish()
            super().ttse__on_finished()

    run_app(lambda: Twice(name="twice"))

    assert Twice.told == ["twice"]
