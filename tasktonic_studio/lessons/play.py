"""One lesson as it is played: which step, what was predicted, done and checked, and what is to be done next."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tasktonic_studio.lessons.actions import MAKING_RUN, Action
from tasktonic_studio.lessons.doing import Since, is_done, is_our_app, is_ours
from tasktonic_studio.lessons.lesson import Change, Check, Do, Item, Lesson, Predict, Step
from tasktonic_studio.lessons.looking import look_up
from tasktonic_studio.session.knowledge import Knowledge


@dataclass(slots=True)
class Progress:
    """How far somebody has come in a lesson. Items go by ``step.place``, as ``2.1``."""

    step: int = 0
    given: dict[str, str] = field(default_factory=dict)
    """What was predicted."""
    found: dict[str, str] = field(default_factory=dict)
    """What the run gave for it."""
    done: set[str] = field(default_factory=set)
    passed: set[str] = field(default_factory=set)
    finished: bool = False

    def left_in(self, lesson: Lesson, step: int) -> Iterator[Item]:
        """What is left to do in a step."""
        items = enumerate(lesson.steps[step].items)
        return (item for place, item in items if self._is_left(f"{step}.{place}", item))

    def open_steps(self, lesson: Lesson) -> list[int]:
        """The steps in which something is left to do: who only reads on comes to the end, too."""
        return [step for step in range(len(lesson.steps)) if any(True for _ in self.left_in(lesson, step))]

    def _is_left(self, key: str, item: Item) -> bool:
        if isinstance(item, Predict):
            return key not in self.found
        if isinstance(item, Check):
            return key not in self.passed
        return isinstance(item, Do) and item.action.runs and key not in self.done

    def as_text(self, stamp: str) -> str:
        """To be kept."""
        rows = {"step": self.step, "given": self.given, "found": self.found, "done": sorted(self.done)}
        return json.dumps({**rows, "passed": sorted(self.passed), "finished": self.finished, "stamp": stamp})

    @classmethod
    def from_text(cls, text: str, lesson: Lesson) -> Progress:
        """What was kept; of another text of the lesson only whether it was finished."""
        kept = _read(text)
        finished = kept.get("finished") is True
        step = kept.get("step")
        if kept.get("stamp") != lesson.stamp or not isinstance(step, int) or not 0 <= step < len(lesson.steps):
            return cls(finished=finished)
        given, found = (_texts(kept.get(name)) for name in ("given", "found"))
        done, passed = ({it for it in _list(kept.get(name)) if isinstance(it, str)} for name in ("done", "passed"))
        return cls(step, given, found, done, passed, finished)

    @staticmethod
    def is_of(text: str, lesson: Lesson) -> bool:
        """Whether what was kept is progress in just this text of the lesson."""
        return _read(text).get("stamp") == lesson.stamp


def _read(text: str) -> dict[str, object]:
    try:
        kept = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _texts(value: object) -> dict[str, str]:
    pairs = value.items() if isinstance(value, dict) else ()
    return {key: text for key, text in pairs if isinstance(key, str) and isinstance(text, str)}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


class Play:
    """A lesson that is being played. Made by the Learn panel; tells by its questions what to show. Knows no widget.

    Args:
        lesson: which one.
        file: the learner's own copy of its program.
        progress: where it goes on.
        read_source: gives the text of that file as it is on disk now.
    """

    def __init__(
        self, lesson: Lesson, file: Path, progress: Progress | None = None, read_source: Callable[[], str] = lambda: ""
    ) -> None:
        self.lesson = lesson
        self.file = file
        self.progress = progress if progress is not None else Progress()
        self._read_source = read_source
        self._since: dict[str, Since] = {}
        self._seen: Knowledge | None = None
        """The app that was looked at last."""
        self._chase: list[Action] = []
        self._chase_since: Since | None = None

    # ---- where one is

    @property
    def number(self) -> int:
        return self.progress.step

    @property
    def step(self) -> Step:
        return self.lesson.steps[self.progress.step]

    @property
    def is_last(self) -> bool:
        return self.progress.step == len(self.lesson.steps) - 1

    def key(self, place: int, step: int | None = None) -> str:
        return f"{self.progress.step if step is None else step}.{place}"

    def go(self, step: int) -> None:
        """Go to a step; one past the last finishes the lesson, if nothing of it is left to do."""
        if step >= len(self.lesson.steps):
            self.progress.finished = self.progress.finished or not self.progress.open_steps(self.lesson)
            return
        self.progress.step = max(0, step)
        self._since.clear()
        self.give_up_chase()

    def reset(self) -> None:
        """Begin anew; that it was finished once stays."""
        self.progress = Progress(finished=self.progress.finished)
        self._since.clear()
        self.give_up_chase()

    # ---- what is so

    def is_open(self, place: int) -> bool:
        """Whether it is the turn of an item: everything before it that has to be done or predicted has been."""
        return all(self._is_over(at, item) for at, item in enumerate(self.step.items[:place]))

    def _is_over(self, place: int, item: Item) -> bool:
        if isinstance(item, Do):
            return not item.action.runs or self.key(place) in self.progress.done
        return not isinstance(item, Predict) or self.key(place) in self.progress.given

    def is_complete(self) -> bool:
        """Whether all of the step is done, predicted and green."""
        return not any(True for _ in self.left())

    def left(self) -> Iterator[Item]:
        """What is left to do in the step."""
        return self.progress.left_in(self.lesson, self.number)

    def asks(self) -> bool:
        """Whether it waits for a prediction: everything before one has been done, and it has no answer."""
        items = enumerate(self.step.items)
        return any(isinstance(item, Predict) and not self._is_over(at, item) and self.is_open(at) for at, item in items)

    def next_do(self) -> tuple[int, Action] | None:
        """What is to be done now, if anything is: the first thing not done, when it is its turn."""
        for place, item in enumerate(self.step.items):
            if isinstance(item, Do) and self.key(place) not in self.progress.done:
                return (place, item.action) if self.is_open(place) else None
        return None

    # ---- what happens

    def predict(self, place: int, answer: str) -> None:
        """Say what is expected. It can be said otherwise until it is seen."""
        if self.key(place) not in self.progress.found:
            self.progress.given[self.key(place)] = answer

    def note_pressed(self, place: int) -> None:
        """The button of something that runs nothing was pressed."""
        self.progress.done.add(self.key(place))

    def update(self, known: Knowledge) -> bool:
        """Look at what is known now. Returns whether anything became different."""
        is_another = self.is_another_run(known)
        if self._chase:
            return False  # what is done on the way there is not what the step asks for
        before = self._picture()
        if is_another:
            self._open_again()
        # What was done below a question answers it: the question is looked at once more then.
        while self._look_once(known):
            pass
        return self._picture() != before

    def is_another_run(self, known: Knowledge) -> bool:
        """Whether the program has been started again since it was looked at last."""
        is_new = self._seen is not None and known is not self._seen and is_ours(known, self.file)
        self._seen = known
        return is_new

    def _open_again(self) -> None:
        """What stands below the start of the program is to be done again, and seen again, in the run that begins.

        Else what was green in a run that went wrong would count for another one that goes wrong in another way.
        """
        starts = [at for at, it in enumerate(self.step.items) if isinstance(it, Do) and it.action.verb in MAKING_RUN]
        begun = [at for at in starts if self.key(at) in self.progress.done]
        if not begun or self.is_complete() or any(self.is_open(at) for at in starts if at > begun[-1]):
            return
        below = {self.key(at) for at in range(begun[-1] + 1, len(self.step.items))}
        self.progress.done -= below
        self.progress.passed -= below
        for key in below:
            self._since.pop(key, None)

    def _look_once(self, known: Knowledge) -> bool:
        """Look at every item whose turn it is, once. Returns whether anything became different."""
        before = self._picture()
        has_our_app = is_ours(known, self.file)
        source: str | None = None
        for place, item in enumerate(self.step.items):
            if not self.is_open(place):
                break
            key = self.key(place)
            if isinstance(item, Do) and item.action.runs and key not in self.progress.done:
                since = self._since.setdefault(key, Since.now(known, self.file))
                if is_done(item.action, since, known, self.file):
                    self.progress.done.add(key)
            elif isinstance(item, Predict) and key not in self.progress.found and has_our_app:
                self._reveal(place, item, known)
            elif isinstance(item, Check) and key not in self.progress.passed:
                if not has_our_app and item.condition.fact.kind != "source":
                    continue  # what another program does answers nothing
                source = self._read_source() if source is None else source
                if item.condition.holds(look_up(item.condition.fact, known, source)):
                    self.progress.passed.add(key)
        return self._picture() != before

    def _picture(self) -> tuple[object, ...]:
        progress = self.progress
        return dict(progress.given), dict(progress.found), set(progress.done), set(progress.passed)

    def _reveal(self, place: int, item: Predict, known: Knowledge) -> None:
        """Say what the run gave, once all has run that the question is about."""
        if self.key(place) not in self.progress.given or not (item.is_now or self._has_come(place, known)):
            return
        found = look_up(item.answer, known, self._read_source())
        if found is not None:
            self.progress.found[self.key(place)] = found

    def _has_come(self, place: int, known: Knowledge) -> bool:
        """Whether what is to run between a question and the next one, or the end of the step, has run.

        An app that runs by itself may be on its way still: then what is checked below has to be so, too.
        """
        has_run = False
        for at, item in enumerate(self.step.items[place + 1 :], place + 1):
            if isinstance(item, Predict) and has_run:
                break
            if isinstance(item, Do) and item.action.runs:
                if self.key(at) not in self.progress.done:
                    return False
                has_run = True
            if isinstance(item, Check) and not known.distiller.is_there and self.key(at) not in self.progress.passed:
                return False
        return True

    # ---- catching up

    def needs_app(self, known: Knowledge) -> bool:
        """Whether the lesson's program ought to run for what is to be done next, and does not."""
        following = self.next_do()
        if following is None or not following[1].runs or following[1].verb in ("distil", "start", "restart", "stop"):
            return False
        return not is_our_app(known, self.file)

    def has_gone_wrong(self, known: Knowledge) -> bool:
        """Whether all was done that a task asks for, and it has come out otherwise: of an app that rests between steps by hand."""
        done = [item.action for item in self.step.items if isinstance(item, Do) and item.action.runs]
        if not any(isinstance(item, Change) for item in self.step.items) or not done or done[-1].verb in MAKING_RUN:
            return False  # without a task, or one in which the learner has to find out how to go on
        rests = known.distiller.is_there and not known.distiller.runs and is_ours(known, self.file)
        left = list(self.left())
        return rests and bool(left) and all(isinstance(item, Check) for item in left)

    def way_here(self) -> list[Action]:
        """What has to be done to bring the program to where the learner is: all since it was started last."""
        way: list[Action] = []
        for number, step in enumerate(self.lesson.steps[: self.progress.step + 1]):
            for place, item in enumerate(step.items):
                is_here = number == self.progress.step
                if isinstance(item, Do) and item.action.runs and (not is_here or self.key(place) in self.progress.done):
                    way = [item.action] if item.action.verb in ("distil", "start") else [*way, item.action]
        return [action for action in way if action.verb not in ("stop", "restart")]

    def begin_chase(self) -> None:
        """Bring the program to where the learner is."""
        self._chase, self._chase_since = self.way_here(), None

    def give_up_chase(self) -> None:
        """Leave the program where it is."""
        self._chase, self._chase_since = [], None

    @property
    def is_chasing(self) -> bool:
        return bool(self._chase)

    def chase(self, known: Knowledge) -> Action | None:
        """The next thing to do on the way, once the one before is done; None for wait, or arrived, or given up."""
        if self._chase and self._chase_since is not None:
            if not is_done(self._chase[0], self._chase_since, known, self.file):
                if known is not self._chase_since.known and not known.target.is_alive:
                    self.give_up_chase()  # it could not even begin
                return None
            del self._chase[0]
            self._since.clear()
        if not self._chase:
            return None
        self._chase_since = Since.now(known, self.file)
        return self._chase[0]
