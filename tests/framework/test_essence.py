from __future__ import annotations

import copy
import gc
import threading
import weakref
from typing import Any

import pytest

from tasktonic import ttCatalyst, ttError, ttEssence, ttLedger, ttLog, ttTonic
from tasktonic.errors import ttRunningError
from tasktonic.events import Born, ClassDefined, Ended
from tests.helpers.apps import in_thread, reading, run_app


class Part(ttEssence):
    pass


class Broken(ttEssence):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.child = self.bind(Part)
        raise LookupError("not today")


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


# -- bind -------------------------------------------------------------------------------------------------------------


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
