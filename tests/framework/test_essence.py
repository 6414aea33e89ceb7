"""Essences: their ids and names, the tree they stand in, their log mode."""

from __future__ import annotations

import copy
import weakref
from typing import Any

import pytest

from tasktonic import ttCatalyst, ttEssence, ttLedger, ttLog, ttTonic
from tasktonic.errors import ttRunningError
from tests.helpers.apps import in_thread, run_app
from tests.helpers.endings import Part

# -- identity ---------------------------------------------------------------------------------------------------------


def test_ids_count_up() -> None:
    first, second = Part(), Part()

    assert second.id == first.id + 1


def test_id_of_a_finished_essence_is_minus_one() -> None:
    part = Part()

    part.finish()

    assert part.id == -1


def test_id_is_not_used_again() -> None:
    first = Part()
    first_id = first.id
    first.finish()

    assert Part().id > first_id


def test_main_catalyst_is_number_0_whatever_was_made_before() -> None:
    ids = []

    def make_main() -> None:
        ids.append(Part().id)
        ids.append(ttCatalyst(name="main").id)
        ids.append(ttCatalyst(name="other").id)

    run_app(Ender, make_main=make_main)

    assert ids == [1, 0, 2]


class Ender(ttTonic):
    """Ends the app at once."""

    def ttse__on_start(self) -> None:
        self.finish()


def test_name_left_out_is_made_of_id_and_class() -> None:
    part = Part()

    assert part.name == f"{part.id:02d}.Part"


def test_given_name_is_kept() -> None:
    assert Part(name="left").name == "left"


def test_names_need_not_be_unique() -> None:
    assert Part(name="twin").id != Part(name="twin").id


def test_essence_can_be_referenced_weakly() -> None:
    part = Part()

    assert weakref.ref(part)() is part


def test_copying_an_essence_gives_itself() -> None:
    part = Part()

    assert copy.copy(part) is part


def test_copying_deeply_gives_itself_wherever_it_is() -> None:
    part = Part()

    assert copy.deepcopy({"part": [part]})["part"][0] is part


def test_repr_names_class_and_name() -> None:
    assert repr(Part(name="left")) == "<Part 'left'>"


def test_instance_is_of_the_class_that_made_it() -> None:
    part = Part()

    assert isinstance(part, Part)
    assert type(part).__name__ == "Part"
    assert type(part).__qualname__ == "Part"


def test_class_of_an_instance_can_be_subclassed() -> None:
    class Smaller(type(Part())):  # type: ignore[misc]
        pass

    assert Smaller.__bases__ == (Part,)
    assert isinstance(Smaller(), Part)


def test_subclass_that_counts_its_subclasses_does_not_hear_of_hidden_ones() -> None:
    heard: list[str] = []

    class Registered(ttEssence):
        def __init_subclass__(cls, *, kind: str, **kwargs: Any) -> None:
            super().__init_subclass__(**kwargs)
            heard.append(kind)

    class Brick(Registered, kind="brick"):
        pass

    Brick()

    assert heard == ["brick"]


# -- hierarchy --------------------------------------------------------------------------------------------------------


def test_context_left_out_is_top_level_outside_of_everything() -> None:
    assert Part().context is None


def test_context_can_be_an_essence() -> None:
    top = Part()

    assert Part(context=top).context is top


def test_context_can_be_an_id() -> None:
    top = Part()

    assert Part(context=top.id).context is top


def test_minus_one_is_top_level_also_inside_an_init() -> None:
    class Top(ttEssence):
        def __init__(self) -> None:
            super().__init__()
            self.loose = Part(context=-1)

    assert Top().loose.context is None


def test_unknown_context_id_is_refused() -> None:
    with pytest.raises(ValueError, match=r"context=77: nothing that lives has this id"):
        Part(context=77)


def test_other_things_are_no_context() -> None:
    with pytest.raises(TypeError, match="a context is an essence, its id, or -1"):
        Part(context="top")  # type: ignore[arg-type]


def test_what_an_init_makes_is_its_child() -> None:
    class Top(ttEssence):
        def __init__(self) -> None:
            super().__init__()
            self.part = Part()

    top = Top()

    assert top.part.context is top


def test_after_an_inner_init_the_outer_one_is_the_context_again() -> None:
    class Inner(ttEssence):
        def __init__(self) -> None:
            super().__init__()
            Part()

    class Top(ttEssence):
        def __init__(self) -> None:
            super().__init__()
            Inner()
            self.second = Part()

    top = Top()

    assert top.second.context is top


def test_what_a_sparkle_makes_is_a_child_of_its_tonic() -> None:
    found: list[object] = []

    class Maker(ttTonic):
        def ttse__on_start(self) -> None:
            found.append(Part().context is self)
            self.finish()

    run_app(Maker)

    assert found == [True]


def test_what_a_foreign_thread_makes_is_top_level_while_a_sparkle_runs() -> None:
    found: list[object] = []

    class Maker(ttTonic):
        def ttse__on_start(self) -> None:
            thread = in_thread(lambda: found.append(Part().context))
            thread.join()
            self.finish()

    run_app(Maker)

    assert found == [None]


def test_init_post_action_runs_once_after_the_outermost_init() -> None:
    seen: list[str] = []

    class Base(ttEssence):
        def __init__(self) -> None:
            super().__init__()
            seen.append("base")

        def _init_post_action(self) -> None:
            super()._init_post_action()
            seen.append("post")

    class Outer(Base):
        def __init__(self) -> None:
            super().__init__()
            seen.append("outer")

    Outer()

    assert seen == ["base", "outer", "post"]


def test_unknown_keyword_is_refused() -> None:
    with pytest.raises(TypeError, match=r"ttEssence takes no 'colour'"):
        Part(colour="red")


def test_init_without_super_is_refused() -> None:
    class Forgetful(ttEssence):
        def __init__(self) -> None:
            pass

    with pytest.raises(ttRunningError, match=r"Forgetful: __init__ did not call super\(\).__init__\(\)"):
        Forgetful()


def test_binding_before_super_init_says_what_to_do() -> None:
    class Hasty(ttEssence):
        def __init__(self) -> None:
            self.bind(ttEssence)
            super().__init__()

    with pytest.raises(ttRunningError, match=r"Hasty: bind was called before super\(\).__init__\(\) had run\. Call"):
        Hasty()

    assert ttLedger().essences == []


# -- log mode -----------------------------------------------------------------------------------------------------------


def test_log_mode_is_inherited_from_the_context() -> None:
    top = Part(log_mode=ttLog.STEALTH)

    assert top.bind(Part).log_mode is ttLog.STEALTH


@pytest.mark.parametrize("mode", ["full", "FULL", 3, ttLog.FULL])
def test_log_mode_may_be_a_name_or_number(mode: Any) -> None:
    assert Part(log_mode=mode).log_mode is ttLog.FULL


def test_unknown_log_mode_is_refused_with_those_there_are() -> None:
    with pytest.raises(
        ValueError, match=r"no log mode 'loud'; there are STEALTH \(0\), OFF \(1\), QUIET \(2\), FULL \(3\)"
    ):
        Part(log_mode="loud")
