"""Births: what the stream tells of them, and inits that raise."""

from __future__ import annotations

import gc
import threading
import weakref
from typing import Any

import pytest

from tasktonic import ttEssence, ttTonic
from tasktonic.events import Born, ClassDefined, Ended
from tests.helpers.apps import in_thread, reading, run_app
from tests.helpers.endings import Part


class Broken(ttEssence):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.child = self.bind(Part)
        raise LookupError("not today")


# -- an __init__ that raises --------------------------------------------------------------------------------------------


def test_init_that_raises_leaves_nothing_in_the_ledger() -> None:
    top = Part()

    with pytest.raises(LookupError, match="not today"):
        top.bind(Broken)

    assert top.ledger.essences == [top]
    assert top.bindings == []


def test_init_that_raises_keeps_nothing_alive() -> None:
    made: list[weakref.ref[Any]] = []

    class Failing(ttEssence):
        def __init__(self) -> None:
            super().__init__()
            made.append(weakref.ref(self))
            raise LookupError

    with pytest.raises(LookupError):
        Failing()
    gc.collect()

    assert made[0]() is None


def test_context_is_not_told_of_a_child_that_never_was() -> None:
    told: list[int] = []

    class Top(ttEssence):
        def binding_finished(self, essence_id: int) -> None:
            told.append(essence_id)

    top = Top()
    with pytest.raises(LookupError):
        top.bind(Broken)

    assert told == []


def test_failed_init_does_not_stay_the_default_context() -> None:
    class Outer(ttEssence):
        def __init__(self) -> None:
            super().__init__()
            with pytest.raises(LookupError):
                Broken()
            self.part = Part()

    outer = Outer()

    assert outer.part.context is outer


def test_post_action_that_raises_leaves_nothing_behind() -> None:
    class Failing(ttEssence):
        def _init_post_action(self) -> None:
            raise LookupError("late")

    top = Part()
    with pytest.raises(LookupError, match="late"):
        top.bind(Failing)

    assert top.ledger.essences == [top]


# -- what the stream says -------------------------------------------------------------------------------------------------


def test_birth_of_a_parent_is_told_before_that_of_its_children() -> None:
    class Top(ttEssence):
        def __init__(self) -> None:
            super().__init__(name="top")
            Part(name="part")

    with reading() as rows:
        Top()

    assert [row.name for row in rows.of(Born)] == ["top", "part"]


def test_birth_tells_the_context() -> None:
    with reading() as rows:
        top = Part()
        top.bind(Part)

    assert [row.context for row in rows.of(Born)] == [-1, top.id]


def test_class_is_told_before_its_first_instance() -> None:
    class Fresh(ttEssence):
        pass

    with reading() as rows:
        Fresh()

    kinds = [type(row) for row in rows.all]
    assert kinds.index(ClassDefined) < kinds.index(Born)


def test_class_is_told_once_to_the_same_readers() -> None:
    with reading() as rows:
        Part()
        Part()

    assert len([row for row in rows.of(ClassDefined) if row.name == "Part"]) == 1


def test_every_birth_has_its_end() -> None:
    with reading() as rows:
        with pytest.raises(LookupError):
            Broken()
        Part().finish()

    assert sorted(row.essence for row in rows.of(Born)) == sorted(row.essence for row in rows.of(Ended))


def test_unbound_child_is_told_of_at_top_level() -> None:
    with reading() as rows:
        top = Part()
        part = top.bind(Part)
        top.unbind(part.id)

    assert [row.context for row in rows.of(Born) if row.essence == part.id] == [top.id, -1]


def test_many_threads_can_make_essences_at_once() -> None:
    gate = threading.Barrier(4)
    ids: list[list[int]] = []

    def make() -> None:
        gate.wait()
        ids.append([Part().id for _ in range(500)])

    threads = [in_thread(make) for _ in range(4)]
    for thread in threads:
        thread.join()

    assert len({i for some in ids for i in some}) == 2000


def test_rows_come_in_the_order_in_which_things_happened() -> None:
    with reading() as rows:
        Part(name="first").finish()
        Part(name="second").finish()

    told = [(type(row).__name__, row.essence) for row in rows.all if isinstance(row, Born | Ended)]
    first = told[0][1]
    assert told == [("Born", first), ("Ended", first), ("Born", first + 1), ("Ended", first + 1)]


def test_what_a_tonic_sets_on_its_class_is_set_on_the_class_the_user_wrote() -> None:
    class Counted(ttTonic):
        made = 0

        def __init__(self) -> None:
            super().__init__()
            type(self).made += 1

        @classmethod
        def count_one_more(cls) -> None:
            cls.made += 1

        def ttse__on_start(self) -> None:
            self.count_one_more()
            self.finish()

    run_app(lambda: (Counted(), Counted()))

    assert Counted.made == 4
