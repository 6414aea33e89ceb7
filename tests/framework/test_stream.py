from __future__ import annotations

import itertools
import threading
from typing import Any

import pytest

from tasktonic import ttCatalyst, ttEssence, ttLog, ttTonic
from tasktonic.events import Born, ClassDefined, Finishing, LevelSet, LogLine
from tasktonic.states import ClassTable
from tasktonic.stream import BLOCK, Level, stream
from tests.helpers.apps import WAIT_S, Rows, in_thread, reading, run_app, wait_for


class Chain(ttTonic):
    """Calls itself some times, then finishes."""

    def __init__(self, length: int = 3, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.length = length

    def ttse__on_start(self) -> None:
        self.tts__step(self.length)

    def tts__step(self, left: int) -> None:
        if left:
            self.tts__step(left - 1)
        else:
            self.finish()


def called(order: Any) -> str:
    return str(order[0]._tt_class.sparkles[order[1]].called)


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


# -- order ----------------------------------------------------------------------------------------------------------------


def test_order_stands_before_its_run_also_across_catalysts() -> None:
    class Player(ttTonic):
        other: Any

        def ttsc__hit(self, left: int) -> None:
            if left:
                self.other.ttsc__hit(left - 1)
            else:
                self.context.finish()

    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            players = [Player(catalyst=ttCatalyst(context=-1)) for _ in range(2)]
            players[0].other, players[1].other = players[1], players[0]
            players[0].ttsc__hit(300)

    with reading(Level.FLOW) as rows:
        run_app(Main)

    ordered: set[int] = set()
    hits = 0
    for row in rows.all:
        if type(row) is tuple and type(row[0]) is not tuple:
            ordered.add(row[7])
            assert row[6] == 0 or row[6] in ordered or not called(row).startswith("ttsc")
        elif type(row) is tuple and called(row[0]) == "ttsc__hit":
            hits += 1
            assert row[6] in ordered
    assert hits == 301


def test_start_of_a_catalyst_is_an_order_like_others() -> None:
    with reading(Level.FLOW) as rows:
        run_app(Chain)

    starts = [order[0].name for order in rows.orders() if called(order) == "ttse__on_start"]
    assert starts == ["main_catalyst", "01.Chain"]


def test_birth_stands_before_the_first_order_of_a_tonic() -> None:
    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            Chain(name="here")
            self.there = Chain(name="there", catalyst=ttCatalyst(context=-1))
            self.ttsc__end()

        def ttsc__end(self) -> None:
            self.finish()

    with reading(Level.FLOW) as rows:
        run_app(Main)

    for name in ("here", "there"):
        born = rows.index(lambda row, name=name: type(row) is Born and row.name == name)
        first = rows.index(
            lambda row, name=name: type(row) is tuple and type(row[0]) is not tuple and row[0].name == name
        )
        assert born < first


def test_class_stands_before_all_that_is_born_of_it_in_whatever_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    class Part(ttEssence):
        pass

    first_is_telling, second_is_born = threading.Event(), threading.Event()
    place = ClassTable.place

    def wait_once(table: ClassTable) -> tuple[str, int]:
        if table.name == "Part" and not first_is_telling.is_set():
            first_is_telling.set()
            assert second_is_born.wait(WAIT_S)
        return place(table)

    monkeypatch.setattr(ClassTable, "place", wait_once)
    with reading() as rows:
        telling = in_thread(Part)
        assert first_is_telling.wait(WAIT_S)
        Part()
        second_is_born.set()
        telling.join(WAIT_S)

    kinds = [type(row) for row in rows.all if type(row) in (ClassDefined, Born)]
    assert kinds == [ClassDefined, Born, ClassDefined, Born]


def test_log_line_stands_between_what_was_before_and_after() -> None:
    class Speaking(Chain):
        def ttse__on_start(self) -> None:
            self.log("hello")
            super().ttse__on_start()

    with reading(Level.FLOW) as rows:
        run_app(Speaking)

    line = rows.index(lambda row: type(row) is LogLine)
    step = rows.index(lambda row: type(row) is tuple and type(row[0]) is not tuple and called(row) == "tts__step")
    assert line < step


def test_log_line_names_its_run() -> None:
    class Speaking(Chain):
        def ttse__on_start(self) -> None:
            self.log("hello")
            self.finish()

    with reading(Level.FLOW) as rows:
        run_app(Speaking)

    (line,) = rows.of(LogLine)
    assert line.run in [run[6] for run in rows.runs() if called(run[0]) == "ttse__on_start"]


def test_facts_without_flow_name_no_run() -> None:
    with reading(Level.FACTS) as rows:
        run_app(Chain)

    assert {row.run for row in [*rows.of(Finishing), *rows.of(Born)]} == {0}


# -- handing over ---------------------------------------------------------------------------------------------------------


def test_log_line_is_handed_over_at_once() -> None:
    found: list[int] = []

    class Speaking(Chain):
        def ttse__on_start(self) -> None:
            self.log("hello")
            found.append(len(rows.of(LogLine)))
            self.finish()

    with reading() as rows:
        run_app(Speaking)

    assert found == [1]


def test_idle_catalyst_has_handed_over_what_it_did() -> None:
    idle = threading.Event()

    class Waking(Rows):
        def on_rows(self, first: int, new: list[Any]) -> None:
            super().on_rows(first, new)
            if any(called(run[0]) == "tts__quiet" for run in self.runs()):
                idle.set()

    class Waiting(Chain):
        def ttse__on_start(self) -> None:
            self.tts__quiet()

        def tts__quiet(self) -> None: ...

        def wait(self) -> None:
            wait_for(idle)
            self.finish()

    def start() -> None:
        waiting = Waiting()
        in_thread(waiting.wait)

    rows = Waking(Level.RUNS)
    stream.attach(rows)
    try:
        run_app(start)
    finally:
        stream.detach(rows)

    assert idle.is_set()


def test_rows_do_not_pile_up_while_a_catalyst_is_busy() -> None:
    most: list[int] = []

    class Counting(Chain):
        def tts__step(self, left: int) -> None:
            most.append(len(stream.rows))
            super().tts__step(left)

    with reading(Level.FLOW):
        run_app(lambda: Counting(20_000))

    assert max(most) < 5_000


def test_handing_over_by_hand_gives_what_there_is() -> None:
    with reading() as rows:
        ttEssence(name="new")
        stream.hand_over()

        assert [row.name for row in rows.of(Born)] == ["new"]


def test_reader_that_causes_rows_while_it_reads_gets_them_afterwards() -> None:
    class Echoing(Rows):
        def on_rows(self, first: int, new: list[Any]) -> None:
            super().on_rows(first, new)
            if len(self.of(LogLine)) == 1:
                stream.emit_now(LogLine(0, 0, "echo", 0))  # type: ignore[arg-type]

    echoing, other = Echoing(), Rows()
    stream.attach(echoing)
    stream.attach(other)
    try:
        stream.emit_now(LogLine(0, 0, "first", 0))  # type: ignore[arg-type]
        assert [line.text for line in other.of(LogLine)] == ["first", "echo"]
    finally:
        stream.detach(echoing)
        stream.detach(other)


def test_row_that_comes_while_another_thread_hands_over_is_not_left_lying() -> None:
    in_reader, may_go_on = threading.Event(), threading.Event()

    class Slow(Rows):
        def on_rows(self, first: int, new: list[Any]) -> None:
            super().on_rows(first, new)
            in_reader.set()
            wait_for(may_go_on)

    slow = Slow()
    stream.attach(slow)
    try:
        thread = in_thread(lambda: stream.emit_now(LogLine(0, 0, "first", 0)))  # type: ignore[arg-type]
        wait_for(in_reader)
        stream.emit_now(LogLine(0, 0, "second", 0))  # type: ignore[arg-type]
        may_go_on.set()
        thread.join()
        assert [line.text for line in slow.of(LogLine)] == ["first", "second"]
    finally:
        may_go_on.set()
        stream.detach(slow)


# -- readers that fail ------------------------------------------------------------------------------------------------------


class Failing(Rows):
    def on_rows(self, first: int, rows: list[Any]) -> None:
        raise LookupError("cannot read")


def test_reader_that_raises_is_reported_once_and_removed(capsys: pytest.CaptureFixture[str]) -> None:
    failing = Failing()
    stream.attach(failing)

    ttEssence()
    stream.hand_over()
    ttEssence()
    stream.hand_over()

    assert not stream.active
    said = capsys.readouterr().err
    assert said.count("failed as a reader of events and was removed") == 1
    assert "LookupError: cannot read" in said


def test_other_readers_lose_nothing_when_one_raises(capsys: pytest.CaptureFixture[str]) -> None:
    stream.attach(Failing())
    with reading(Level.FLOW) as rows:
        run_app(lambda: Chain(100, name="chain"))

    assert rows.ran("chain").count("tts__step") == 101


def test_reader_that_raises_does_not_stop_a_catalyst(capsys: pytest.CaptureFixture[str]) -> None:
    stream.attach(Failing(Level.FLOW))

    formula = run_app(lambda: Chain(100))

    assert formula.ledger.essences == []
    assert stream.level is Level.FACTS


# -- levels that change while an app runs -------------------------------------------------------------------------------------


def test_readers_may_come_and_go_while_catalysts_are_busy() -> None:
    class Endless(ttTonic):
        steps = 0

        def ttse__on_start(self) -> None:
            self.tts__step(0)

        def tts__step(self, number: int) -> None:
            assert number == self.steps
            self.steps += 1
            self.tts__step(number + 1)

    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            self.busy = [Endless(catalyst=ttCatalyst(context=-1)) for _ in range(2)]
            self.helper = in_thread(self.come_and_go)

        def come_and_go(self) -> None:
            for number in range(60):
                with reading((Level.FACTS, Level.RUNS, Level.FLOW)[number % 3]):
                    stream.hand_over()
            self.finish()

    assert run_app(Main).ledger.essences == []
    assert stream.rows == []


def test_full_log_mode_makes_logs_read_runs() -> None:
    class Log(Rows):
        follows_log_modes = True

    log = Log()
    stream.attach(log)
    try:
        run_app(lambda: Chain(name="chain", log_mode=ttLog.FULL))
    finally:
        stream.detach(log)

    assert "tts__step" in log.ran("chain")


def test_line_that_comes_while_a_level_changes_is_handed_over_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def say_elsewhere(level: Level) -> None:
        in_thread(lambda: stream.emit_now(LogLine(0, 0, "meanwhile", 0))).join()  # type: ignore[arg-type]

    monkeypatch.setattr(stream, "_on_level", [say_elsewhere])
    lines: list[str] = []
    with reading() as rows:
        rows.level = Level.FLOW
        stream.relevel(rows)
        lines += [row.text for row in rows.of(LogLine)]

    assert lines == ["meanwhile"]
