"""A lesson that is played: what is asked first, what counts as done, what is kept."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from tasktonic.protocol.distiller_messages import DistillerState, DistillerStep
from tasktonic_studio.lessons.actions import read_action
from tasktonic_studio.lessons.doing import Since, is_done
from tasktonic_studio.lessons.facts import read_fact
from tasktonic_studio.lessons.lesson import Check, Choice, Lesson, Predict
from tasktonic_studio.lessons.looking import latest_run_of, look_up
from tasktonic_studio.lessons.parsing import parse_lesson
from tasktonic_studio.lessons.play import Play, Progress
from tasktonic_studio.lessons.shelf import Workplace
from tasktonic_studio.session.distiller import ORIGIN_NS
from tasktonic_studio.session.inbox import TargetBegan, TargetStatus, Told
from tasktonic_studio.session.session import Session
from tests.helpers.builders import EventWriter

LESSON = """\
# A lamp
about: It goes on.

```python app lamp.py
light = 1
```

## One

do: distil
predict: What runs first?
- ttse__on_start
- ttsc__on
answer: sparkle 1
do: step
check: life of lamp is alive

## Two

predict: How often did it run?
answer now: runs of ttse__on_start
do: run

## Three

All done.
"""

FILE = Path("/somewhere/lamp.py")


@pytest.fixture
def lesson() -> Lesson:
    return parse_lesson(LESSON, "lamp")


class App:
    """The lesson's program under a distiller, as the Studio hears of it."""

    def __init__(self) -> None:
        self.session = Session()
        self.writer = EventWriter(begin=False)
        self.steps = 0

    def begins(self, script: Path = FILE, seed: int | None = 0) -> None:
        self.session.apply([TargetBegan("launched", str(script), seed=seed), TargetStatus("running", "running")])
        self.writer = EventWriter()
        self.writer.born("Lamp", "lamp")
        self.feed()
        self.steps = 0
        self.tells({"do": "start"})

    def tells(self, done: dict[str, Any], status: str = "ready") -> None:
        step = DistillerStep(self.steps, done)
        self.steps += 1
        self.session.apply([Told(step), Told(DistillerState(status, 1))])

    def runs(self, sparkle: str = "ttse__on_start") -> None:
        self.writer.run(0, sparkle, self.writer.order(0, sparkle))
        self.feed()

    def feed(self, rows: Iterable[Any] = ()) -> None:
        self.session.apply_events(self.session.live.n, self.writer.take())


@pytest.fixture
def app() -> App:
    return App()


def test_what_stands_below_a_question_waits_for_the_answer(lesson: Lesson, app: App) -> None:
    play = Play(lesson, FILE)
    play.update(app.session.live)
    app.begins()
    play.update(app.session.live)

    assert play.next_do() is None
    assert not play.is_open(2)
    play.predict(1, "ttsc__on")
    assert play.next_do() == (2, read_action("step"))


def test_an_answer_is_looked_up_when_it_has_happened(lesson: Lesson, app: App) -> None:
    play = Play(lesson, FILE)
    play.update(app.session.live)
    app.begins()
    play.update(app.session.live)
    play.predict(1, "ttsc__on")
    play.update(app.session.live)
    assert play.progress.found == {}

    app.runs()
    app.tells({"do": "sparkle", "asked": {"sparkle_count": 1}, "count": 1, "stopped_by": ["sparkle_count"]})
    play.update(app.session.live)

    assert play.progress.found == {"0.1": "ttse__on_start"}
    assert play.is_complete()


def test_a_program_has_been_started_when_it_is_known_what_lives_in_it(lesson: Lesson, app: App) -> None:
    play = Play(lesson, FILE)
    play.update(app.session.live)
    app.session.apply([TargetBegan("launched", str(FILE), seed=0), TargetStatus("running", "running")])
    app.tells({"do": "start"})
    play.update(app.session.live)
    assert play.progress.done == set(), "what comes next would find no tonic"

    app.writer = EventWriter()
    app.writer.born("Lamp", "lamp")
    app.feed()
    play.update(app.session.live)

    assert play.progress.done == {"0.0"}


def test_what_was_predicted_stays_as_it_was_once_it_is_seen(lesson: Lesson) -> None:
    play = Play(lesson, FILE, Progress(found={"0.1": "ttse__on_start"}, given={"0.1": "ttsc__on"}))

    play.predict(1, "ttse__on_start")

    assert play.progress.given == {"0.1": "ttsc__on"}


def test_a_question_about_now_is_answered_at_once(lesson: Lesson, app: App) -> None:
    app.begins()
    app.runs()
    play = Play(lesson, FILE, Progress(step=1))

    play.predict(0, "1")
    play.update(app.session.live)

    assert play.progress.found == {"1.0": "1"}


def test_single_steps_are_no_run_to_the_end(lesson: Lesson, app: App) -> None:
    app.begins()
    play = Play(lesson, FILE, Progress(step=1, given={"1.0": "0"}))
    play.update(app.session.live)
    app.tells({"do": "sparkle", "asked": {"sparkle_count": 1}, "count": 1, "stopped_by": ["sparkle_count"]})
    play.update(app.session.live)
    assert play.next_do() is not None

    app.tells({"do": "sparkle", "asked": {}, "count": 3, "stopped_by": ["idle"]})
    play.update(app.session.live)

    assert play.next_do() is None


@pytest.mark.parametrize("script, seed", [("/somewhere/other.py", 0), ("/somewhere/lamp.py", None)])
def test_another_program_or_another_way_to_start_does_not_count(
    lesson: Lesson, app: App, script: str, seed: int | None
) -> None:
    play = Play(lesson, FILE)
    play.update(app.session.live)

    app.begins(Path(script), seed)
    play.update(app.session.live)

    assert play.next_do() == (0, read_action("distil"))


def test_progress_goes_on_where_it_was(lesson: Lesson) -> None:
    progress = Progress(1, {"1.0": "2"}, {"0.1": "x"}, {"0.0"}, {"0.3"}, finished=True)

    again = Progress.from_text(progress.as_text(lesson.stamp), lesson)

    assert again == progress


@pytest.mark.parametrize("text", ["", "{", "[]", '{"step": 99}', '{"step": "x", "stamp": "STAMP"}', "[" * 100_000])
def test_progress_that_cannot_be_read_begins_anew(lesson: Lesson, text: str) -> None:
    assert Progress.from_text(text.replace("STAMP", lesson.stamp), lesson) == Progress()


def test_of_another_text_only_that_it_was_finished_counts(lesson: Lesson) -> None:
    kept = Progress(2, done={"0.0"}, finished=True).as_text("another")

    assert Progress.from_text(kept, lesson) == Progress(finished=True)


def test_the_way_to_a_step_is_all_since_the_program_was_started(lesson: Lesson) -> None:
    play = Play(lesson, FILE, Progress(step=1))

    assert [action.verb for action in play.way_here()] == ["distil", "step"]
    assert play.needs_app(Session().live) is False
    play.predict(0, "1")
    assert play.needs_app(Session().live) is True


def test_the_program_is_brought_to_a_step_one_thing_after_the_other(lesson: Lesson, app: App) -> None:
    play = Play(lesson, FILE, Progress(step=1, given={"1.0": "1"}))
    play.begin_chase()

    assert play.chase(app.session.live) == read_action("distil")
    assert play.chase(app.session.live) is None
    app.begins()
    play.update(app.session.live)
    assert play.chase(app.session.live) == read_action("step")
    app.tells({"do": "sparkle", "asked": {}, "count": 1, "stopped_by": ["idle"]})
    play.update(app.session.live)
    assert play.chase(app.session.live) is None
    assert not play.is_chasing
    play.update(app.session.live)
    assert play.next_do() == (1, read_action("run")), "what was done on the way does not count for the step"


def test_past_the_last_step_a_lesson_is_finished_when_nothing_of_it_is_left(lesson: Lesson) -> None:
    keys = {"0.1": "ttse__on_start", "1.0": "1"}
    play = Play(lesson, FILE, Progress(2, keys, keys, {"0.0", "0.2", "1.1"}, {"0.3"}))

    play.go(3)

    assert play.progress.finished
    assert play.number == 2


def test_who_only_reads_on_is_told_which_steps_are_left(lesson: Lesson) -> None:
    play = Play(lesson, FILE)

    for step in (1, 2, 3):
        play.go(step)

    assert not play.progress.finished
    assert play.progress.open_steps(lesson) == [0, 1]


def test_a_program_that_is_started_anew_has_to_do_all_that_stands_below_its_start(lesson: Lesson, app: App) -> None:
    play = Play(lesson, FILE)
    play.update(app.session.live)
    app.begins()
    play.update(app.session.live)
    play.predict(1, "ttsc__on")
    play.update(app.session.live)
    app.runs()
    app.tells({"do": "sparkle", "asked": {}, "count": 1, "stopped_by": ["idle"]})
    play.update(app.session.live)
    assert play.next_do() is None
    play.progress.passed.clear()  # as if the run had not been green yet
    play.progress.found.clear()

    app.begins()
    assert play.update(app.session.live)

    assert play.next_do() == (2, read_action("step")), "the step of the run before does not count for this one"
    assert play.progress.given == {"0.1": "ttsc__on"}


def test_a_task_that_came_out_otherwise_is_known_once_all_was_done(app: App) -> None:
    task = LESSON.replace(
        "check: life", "check: runs of ttsc__on is 1\n\n```python change\n-light = 1\n+light = 2\n```\n\ncheck: life"
    )
    play = Play(parse_lesson(task, "lamp"), FILE)
    play.update(app.session.live)
    app.begins()
    play.update(app.session.live)
    play.predict(1, "ttsc__on")
    play.update(app.session.live)
    assert not play.has_gone_wrong(app.session.live)

    app.runs()
    app.tells({"do": "sparkle", "asked": {}, "count": 1, "stopped_by": ["idle"]})
    play.update(app.session.live)

    assert play.has_gone_wrong(app.session.live)
    app.runs("ttsc__on")
    play.update(app.session.live)
    assert not play.has_gone_wrong(app.session.live)


def test_where_the_learner_has_to_find_out_how_to_go_on_nothing_has_gone_wrong_yet(app: App) -> None:
    task = LESSON.replace("do: step\n", "```python change\n-light = 1\n+light = 2\n```\n")
    play = Play(parse_lesson(task.replace("life of lamp is alive", "errors is 7"), "lamp"), FILE)
    play.update(app.session.live)
    app.begins()
    app.runs()
    play.update(app.session.live)
    play.predict(1, "ttsc__on")
    play.update(app.session.live)

    assert [type(item) for item in play.left()] == [Check]
    assert not play.has_gone_wrong(app.session.live)


def test_in_a_step_that_is_green_another_start_changes_nothing(lesson: Lesson, app: App) -> None:
    keys = {"0.1": "ttse__on_start"}
    play = Play(lesson, FILE, Progress(0, keys, keys, {"0.0", "0.2"}, {"0.3"}))
    play.update(app.session.live)

    app.begins()

    assert not play.update(app.session.live)
    assert play.is_complete()


def test_a_program_that_cannot_begin_ends_the_way_to_a_step(lesson: Lesson, app: App) -> None:
    play = Play(lesson, FILE, Progress(step=1, given={"1.0": "1"}))
    play.begin_chase()
    assert play.chase(app.session.live) == read_action("distil")

    app.session.apply(
        [TargetBegan("launched", str(FILE), seed=0), TargetStatus("ended", "a slip in line 3", exit_code=1)]
    )

    assert play.chase(app.session.live) is None
    assert not play.is_chasing


def test_a_changed_program_is_kept_when_a_lesson_begins_anew(lesson: Lesson, tmp_path: Path) -> None:
    place = Workplace(tmp_path)
    file = place.prepare(lesson)
    file.write_text("light = 3\n")
    assert place.source(lesson) == "light = 3\n"

    kept = place.restore(lesson)

    assert kept is not None
    assert kept.read_text() == "light = 3\n"
    assert place.source(lesson) == lesson.source
    assert place.restore(lesson) is None

    file.write_text("light = 4\n")
    again = place.restore(lesson)

    assert again is not None
    assert (again.read_text(), kept.read_text()) == ("light = 4\n", "light = 3\n"), (
        "one does not take the other's place"
    )


def test_time_of_an_app_run_by_hand_is_that_of_its_distiller(app: App) -> None:
    app.begins()
    app.session.apply([Told(DistillerState("ready", 1, now_ns=ORIGIN_NS + 270_000_000_000))])
    live = app.session.live
    live.advance_time(ORIGIN_NS + 55_000_000_000_000)  # a beat, by the clock on the wall

    assert look_up(read_fact("seconds"), live) == "270"


def test_when_such_an_app_has_ended_its_last_sparkle_says_the_time(app: App) -> None:
    app.begins()
    app.writer.t_ns = ORIGIN_NS + 600_000_000_000
    app.runs()
    app.session.apply([Told(DistillerState("over", 1, now_ns=ORIGIN_NS + 180_000_000_000))])

    assert look_up(read_fact("seconds"), app.session.live) == "600"


def test_in_an_app_that_runs_by_itself_only_that_call_counts(app: App) -> None:
    app.begins(seed=None)
    app.session.apply([Told(DistillerState("refused"))])
    known = app.session.live
    since = Since.now(known, FILE)
    app.runs("ttse__on_timer")
    assert not is_done(read_action("call lamp.ttsc__on"), since, known, FILE)

    app.runs("ttsc__on")

    assert is_done(read_action("call lamp.ttsc__on"), since, known, FILE)


@pytest.mark.parametrize(
    "typed, found, is_right",
    [
        ("Knock knock!", "knock, knock", True),
        ("none -> 20", "None -> 20", True),
        ("3.0", "3", True),
        ("-3", "3", False),
        ("1.5", "15", False),
        ("...", "--", False),
        ("the sum is 105", "the sum is 106", False),
    ],
)
def test_of_what_was_typed_words_and_numbers_count(typed: str, found: str, is_right: bool) -> None:
    question = Predict("What?", (), read_fact("last log line"))

    assert question.is_right(typed, found) is is_right


def test_a_choice_has_to_be_just_the_one() -> None:
    choices = (Choice("once", "closed, open"), Choice("both", "closed open"))

    assert not Predict("What?", choices, read_fact("states of door")).is_right("closed open", "closed, open")


def test_the_last_run_of_a_sparkle_is_found(app: App) -> None:
    app.begins()
    for sparkle in ("ttsc__on", "ttsc__off", "ttsc__on", "ttse__on_start"):
        app.runs(sparkle)
    live = app.session.live

    row = latest_run_of(live, "lamp", "ttsc__on")

    assert row is not None
    assert row.run == live.runs.row(2).run
    assert latest_run_of(live, "lamp", "ttsc__none") is None
    assert latest_run_of(live, "nobody", "ttsc__on") is None
