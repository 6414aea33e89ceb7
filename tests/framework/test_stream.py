"""The stream: readers attach and detach, levels say what is noted, rows tell of orders and runs."""

from __future__ import annotations

import itertools

from tasktonic import ttEssence
from tasktonic.events import Born, LevelSet, LogLine
from tasktonic.stream import BLOCK, Level, stream
from tests.framework.chains import Chain, called
from tests.helpers.apps import Rows, in_thread, reading, run_app

# -- attaching ------------------------------------------------------------------------------------------------------------


def test_nobody_reads_at_first() -> None:
    assert not stream.active


def test_attaching_makes_it_active() -> None:
    with reading():
        assert stream.active


def test_the_begin_of_an_app_says_how_much_is_noted() -> None:
    with reading(Level.FLOW) as rows:
        run_app(Chain)

    assert [row.level for row in rows.of(LevelSet)] == [2]


def test_a_reader_hears_that_more_or_less_is_noted() -> None:
    with reading() as rows:
        with reading(Level.FLOW):
            pass
        with reading(Level.PREVIEWS):
            pass

    assert [row.level for row in rows.of(LevelSet)] == [2, 0, 3, 0]


def test_detaching_leaves_nothing() -> None:
    with reading(Level.FLOW):
        run_app(Chain)

    assert not stream.active
    assert stream.level is Level.FACTS
    assert stream.rows == []


def test_attaching_while_an_app_runs_leaves_nothing_either() -> None:
    counted: list[int] = []

    class Attaching(Chain):
        def ttse__on_start(self) -> None:
            with reading(Level.FLOW) as rows:
                self.tts__step(0)
                stream.hand_over()
                counted.append(len(rows.orders()))

    run_app(Attaching)

    assert counted == [1]
    assert stream.rows == []


def test_a_reader_that_is_behind_is_asked_by_who_has_filled_a_block_and_by_nobody_when_it_is_gone() -> None:
    class Behind(Rows):
        asked = 0

        def hold_back(self) -> None:
            assert stream.rows == [], "what is there was not handed over first"
            self.asked += 1

    behind = Behind()
    stream.attach(behind)
    try:
        for number in range(BLOCK):
            stream.emit(LogLine(number, 1, "one of many", 0))  # type: ignore[arg-type]
        before = behind.asked
        stream.emit(LogLine(BLOCK, 1, "one too many", 0))  # type: ignore[arg-type]
        after = behind.asked
        run_app(lambda: Chain(10 * BLOCK))
        in_an_app = behind.asked
    finally:
        stream.detach(behind)
    stream.make_room()

    assert (before, after) == (0, 1)
    assert in_an_app > after
    assert behind.asked == in_an_app


def test_detaching_what_is_not_attached_is_harmless() -> None:
    stream.detach(Rows())

    assert not stream.active


def test_highest_level_of_the_readers_counts() -> None:
    with reading(Level.FACTS), reading(Level.FLOW), reading(Level.RUNS):
        assert stream.level is Level.FLOW


def test_level_goes_down_with_the_reader_that_wanted_it() -> None:
    with reading(Level.RUNS):
        with reading(Level.FLOW):
            pass
        assert stream.level is Level.RUNS


def test_changed_level_of_a_reader_is_noticed() -> None:
    with reading() as rows:
        rows.level = Level.FLOW
        stream.relevel(rows)
        assert stream.level is Level.FLOW


def test_reader_that_comes_late_gets_nothing_of_before() -> None:
    ttEssence(name="before")

    with reading() as rows:
        ttEssence(name="after")

    assert [row.name for row in rows.of(Born)] == ["after"]


def test_row_that_came_without_a_reader_is_not_kept() -> None:
    stream.emit(LogLine(0, 0, "stray", 0))  # type: ignore[arg-type]

    with reading() as rows:
        pass

    assert rows.all == []


def test_every_reader_gets_everything() -> None:
    with reading() as one, reading() as two:
        ttEssence()

    assert one.of(Born) == two.of(Born) != []


def test_rows_are_numbered_without_gaps() -> None:
    with reading(Level.FLOW) as rows:  # `Rows` itself checks the numbers
        run_app(lambda: Chain(2000))

    assert len(rows.all) > 4000


# -- levels -------------------------------------------------------------------------------------------------------------


def test_facts_come_without_flow() -> None:
    with reading(Level.FACTS) as rows:
        run_app(Chain)

    assert rows.of(Born)
    assert rows.runs() == rows.orders() == []


def test_runs_come_without_orders() -> None:
    with reading(Level.RUNS) as rows:
        run_app(lambda: Chain(name="chain"))

    assert rows.ran("chain") == ["ttse__on_start"] + ["tts__step"] * 4 + ["ttse__on_finished"]
    assert rows.orders() == []


def test_flow_has_orders_and_runs() -> None:
    with reading(Level.FLOW) as rows:
        run_app(lambda: Chain(name="chain"))

    assert rows.ran("chain") == ["ttse__on_start"] + ["tts__step"] * 4 + ["ttse__on_finished"]
    assert [called(order) for order in rows.orders() if called(order) == "tts__step"] == ["tts__step"] * 4


def test_run_has_the_number_of_its_order() -> None:
    with reading(Level.FLOW) as rows:
        run_app(Chain)

    orders = {order[7]: order for order in rows.orders()}
    steps = [run for run in rows.runs() if called(run[0]) == "tts__step"]
    assert all(run[0] is orders[run[6]] for run in steps)


def test_order_names_the_run_that_called() -> None:
    with reading(Level.FLOW) as rows:
        run_app(Chain)

    steps = [order for order in rows.orders() if called(order) == "tts__step"]
    starts = [run for run in rows.runs() if called(run[0]) == "ttse__on_start" and run[0][0] is steps[0][0]]
    assert steps[0][6] == starts[0][6]
    assert [order[6] for order in steps[1:]] == [order[7] for order in steps[:-1]]


def test_order_names_the_essence_and_sparkle_that_called() -> None:
    with reading(Level.FLOW) as rows:
        run_app(Chain)

    first = next(order for order in rows.orders() if called(order) == "tts__step")
    assert first[4] is first[0]
    assert first[0]._tt_class.sparkles[first[5]].called == "ttse__on_start"


def test_order_from_a_foreign_thread_names_the_thread() -> None:
    class Called(Chain):
        def ttse__on_start(self) -> None:
            in_thread(lambda: self.tts__step(0), "helper")

    with reading(Level.FLOW) as rows:
        run_app(Called)

    (step,) = [order for order in rows.orders() if called(order) == "tts__step"]
    assert step[4:7] == (None, "thread helper", 0)


def test_numbers_of_orders_and_runs_are_never_the_same_twice() -> None:
    class States(Chain):
        def tts__step(self, left: int) -> None:
            self.to_state(("a", "b")[left % 2])
            super().tts__step(left)

        def ttse_a__on_enter(self) -> None: ...

        def ttse_b__on_exit(self) -> None: ...

    with reading(Level.FLOW) as rows:
        run_app(States)

    numbers = [run[6] for run in rows.runs()]
    assert len(numbers) == len(set(numbers))
    assert all(numbers)


def test_times_of_runs_do_not_overlap_on_one_catalyst() -> None:
    with reading(Level.FLOW) as rows:
        run_app(lambda: Chain(50))

    ordinary = [run for run in rows.runs() if called(run[0]) == "tts__step"]
    assert all(one[1] <= one[2] <= next_one[1] for one, next_one in itertools.pairwise(ordinary))


def test_arguments_stand_in_the_order() -> None:
    with reading(Level.FLOW) as rows:
        run_app(Chain)

    assert [(order[2], order[3]) for order in rows.orders() if called(order) == "tts__step"] == [
        (1, 3), (1, 2), (1, 1), (1, 0),
    ]  # fmt: skip
