"""``bind`` and ``unbind``: what becomes a child, what is refused, and what is told."""

from __future__ import annotations

from typing import Any

import pytest

from tasktonic import ttError, ttEssence
from tasktonic.errors import ttRunningError
from tests.helpers.endings import Part


def test_bind_makes_a_child() -> None:
    top = Part()

    part = top.bind(Part, name="inner")

    assert part.context is top
    assert top.bindings == [part.id]


def test_bind_makes_a_child_of_this_one_also_inside_another_init() -> None:
    top = Part()

    class Other(ttEssence):
        def __init__(self) -> None:
            super().__init__()
            self.part = top.bind(Part)

    assert Other().part.context is top


def test_bind_gives_back_an_essence_that_belongs_to_it() -> None:
    top = Part()
    part = Part(context=top)

    assert top.bind(part) is part


def test_bind_refuses_an_essence_of_another() -> None:
    part = Part(context=Part(name="first"))

    with pytest.raises(RuntimeError, match="it belongs to first"):
        Part().bind(part)


@pytest.mark.parametrize("thing", [int, 3, "Part", None])
def test_bind_refuses_what_is_no_essence(thing: Any) -> None:
    with pytest.raises(TypeError, match="bind takes a class of essences, or an essence"):
        Part().bind(thing)


def test_unbound_child_lives_on_at_top_level() -> None:
    top = Part()
    part = top.bind(Part)

    top.unbind(part.id)
    top.finish()

    assert part.context is None
    assert part.id >= 0


def test_unbinding_something_else_is_harmless() -> None:
    top = Part()

    top.unbind(12345)

    assert top.bindings == []


def test_finished_essence_takes_no_children() -> None:
    top = Part(name="old")
    top.finish()

    with pytest.raises(ttRunningError, match="its context old has finished"):
        top.bind(Part)


def test_refused_child_is_not_in_the_ledger() -> None:
    top = Part()
    top.finish()

    with pytest.raises(ttError):
        top.bind(Part)

    assert top.ledger.essences == []


def test_binding_finished_is_called_on_a_plain_essence() -> None:
    told: list[int] = []

    class Top(ttEssence):
        def binding_finished(self, essence_id: int) -> None:
            told.append(essence_id)

    part = Top().bind(Part)
    part_id = part.id

    part.finish()

    assert told == [part_id]
