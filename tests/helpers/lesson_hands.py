"""Plays a lesson in this process: its program runs under a distiller, and what the Studio would know of it is looked at."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tasktonic import ttDistiller, ttLedger
from tasktonic.literals import parse_arguments
from tasktonic.testing.scripts import ScriptRun
from tasktonic.trace import TraceReader
from tasktonic_studio.lessons.actions import Action
from tasktonic_studio.lessons.lesson import Change, Check, Do, Lesson, Predict
from tasktonic_studio.lessons.looking import look_up
from tasktonic_studio.lessons.play import Play
from tasktonic_studio.session.inbox import BlockArrived, TargetBegan
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.session import Session


class Hands:
    """Does with the program of a lesson what the Studio would do with it. Close it."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._run: ScriptRun | None = None
        self._distiller: ttDistiller | None = None

    def do(self, action: Action) -> None:
        """Carry out something that runs."""
        if action.verb in ("distil", "start", "restart"):
            self.close()
            self._run = ScriptRun(self.file, ())
            self._distiller = self._run.build(seed=action.number, raise_errors=False)
            return
        if action.verb == "call":
            args, kwargs = parse_arguments(action.arguments)
            tonic = ttLedger().get_essence_by_name(action.target)
            assert tonic is not None, f"{action.target} does not live"
            getattr(tonic, action.sparkle)(*args, **kwargs)
        elif action.verb == "step":
            self._sparkle(sparkle_count=action.number)
        elif action.verb == "run":
            self._sparkle(
                timeout=action.seconds if action.seconds >= 0 else None,
                till_state_in=[action.state] if action.state else None,
                till_sparkle_in=[action.till] if action.till else None,
            )
        elif action.verb == "end":
            assert self._distiller is not None
            self._distiller.finish_distiller(timeout=5)

    def _sparkle(self, **asked: object) -> None:
        assert self._distiller is not None, "a lesson starts its program before it lets it run"
        self._distiller.sparkle(**{name: value for name, value in asked.items() if value is not None})  # type: ignore[arg-type]

    def known(self) -> Knowledge:
        """What the Studio would know by now."""
        if self._distiller is None:
            return Session().live
        trace = self.file.with_suffix(".ttt")
        hand = self._distiller._hand
        assert hand is not None
        hand.recording.save(trace)
        session = Session()
        with TraceReader(trace) as reader:
            blocks = [BlockArrived(data) for _, data in reader.data()]
            session.apply([TargetBegan("launched", str(self.file)), *blocks])
        return session.live

    def close(self) -> None:
        """End the app, if one runs."""
        run, self._run, self._distiller = self._run, None, None
        if run is not None:
            run.end()


class HandPlay(Play):
    """A lesson that is played here: what is known is read anew for each look, so another `Knowledge` is no other run."""

    def is_another_run(self, known: Knowledge) -> bool:
        return False


@dataclass
class Seen:
    """What one step gave: answers by question; of each check whether it held, with the program changed as the lesson says or not."""

    title: str
    answers: dict[str, str | None] = field(default_factory=dict)
    held: dict[str, bool] = field(default_factory=dict)
    held_unchanged: dict[str, bool] = field(default_factory=dict)
    changes: bool = False


def play(lesson: Lesson, folder: Path) -> list[Seen]:
    """Play a lesson to its end, and say what came of it."""
    file = folder / lesson.app
    file.write_text(lesson.source, encoding="utf-8")
    hands = Hands(file)
    player = HandPlay(lesson, file, read_source=lambda: file.read_text(encoding="utf-8"))
    found = []
    try:
        for number in range(len(lesson.steps)):
            player.go(number)
            found.append(_step(player, hands))
        player.go(len(lesson.steps))
        assert player.progress.finished
        return found
    finally:
        hands.close()


def _step(player: Play, hands: Hands) -> Seen:
    items = player.step.items
    seen = Seen(player.step.title)
    change = next((item for item in items if isinstance(item, Change)), None)
    if change is not None:
        seen.changes = True
        with suppress(AttributeError):  # it calls what has not been written yet
            _through(player, hands)
        seen.held_unchanged = _held(player, hands)
        player.progress.done = {key for key in player.progress.done if not key.startswith(f"{player.number}.")}
        player.progress.passed = {key for key in player.progress.passed if not key.startswith(f"{player.number}.")}
        after = change.apply(hands.file.read_text(encoding="utf-8"))
        assert after is not None, "the change fits"
        hands.file.write_text(after, encoding="utf-8")
    _through(player, hands)
    seen.held = _held(player, hands)
    for place, item in enumerate(items):
        if isinstance(item, Predict):
            seen.answers[item.question] = player.progress.found.get(player.key(place))
    return seen


def _through(player: Play, hands: Hands) -> None:
    """Predict and do all of a step, in its order."""
    for place, item in enumerate(player.step.items):
        if isinstance(item, Predict):
            player.predict(place, "a guess")
            player.update(hands.known())
        elif isinstance(item, Do):
            if item.action.runs:
                hands.do(item.action)
                player.progress.done.add(player.key(place))
                player.update(hands.known())
            else:
                player.note_pressed(place)
        elif isinstance(item, Check):
            player.update(hands.known())


def _held(player: Play, hands: Hands) -> dict[str, bool]:
    """Whether each check holds at the end of the step; green once counts, as for the learner."""
    held = {}
    for place, item in enumerate(player.step.items):
        if isinstance(item, Check):
            fact = item.condition.fact
            now = item.condition.holds(look_up(fact, hands.known(), hands.file.read_text(encoding="utf-8")))
            held[item.words] = now or player.key(place) in player.progress.passed
    return held
