"""Plays the lesson about a window while Qt's own loop turns: no distiller can."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer

from tasktonic import ttLedger
from tasktonic.literals import parse_arguments
from tasktonic.recorder import Recording
from tasktonic.trace import TraceReader
from tasktonic_studio.lessons.actions import Action
from tasktonic_studio.lessons.lesson import Change, Lesson, Predict
from tasktonic_studio.session.inbox import BlockArrived, TargetBegan
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.session import Session
from tests.helpers.lesson_hands import HandPlay

WINDOW_LESSON = "10_a_window"
LOOK_EVERY_MS = 10
MOST_LOOKS = 1_500


class Learner:
    """Plays the lesson while Qt's loop turns; ends the app where the lesson stops it, and at its end."""

    def __init__(self, lesson: Lesson, folder: Path) -> None:
        self.file = folder / lesson.app
        self.file.write_text(lesson.source, encoding="utf-8")
        self.play = HandPlay(lesson, self.file, read_source=lambda: self.file.read_text(encoding="utf-8"))
        self.failure = ""
        self._looks = 0

    def play_all(self) -> None:
        """Play the lesson to its end, with the change that it proposes."""
        with Recording() as recording:
            self.run_program(recording)
        assert self.failure == ""
        assert self.play.step.title == "Now change it"
        change = next(item for item in self.play.step.items if isinstance(item, Change))
        changed = change.apply(self.file.read_text(encoding="utf-8"))
        assert changed is not None
        self.file.write_text(changed, encoding="utf-8")
        with Recording() as recording:
            self.run_program(recording)
        assert self.failure == ""

    @property
    def answers(self) -> dict[str, str | None]:
        """What the run gave, by question."""
        return {
            item.question: self.play.progress.found.get(self.play.key(place, number))
            for number, step in enumerate(self.play.lesson.steps)
            for place, item in enumerate(step.items)
            if isinstance(item, Predict)
        }

    def run_program(self, recording: Recording) -> None:
        """Run the program until the lesson stops it."""
        timer = QTimer()
        timer.setInterval(LOOK_EVERY_MS)
        timer.timeout.connect(lambda: self._look(recording))
        timer.start()
        try:
            code = compile(self.file.read_bytes(), str(self.file), "exec")
            exec(code, {"__name__": "__main__", "__file__": str(self.file)})
        finally:
            timer.stop()

    def known(self, recording: Recording) -> Knowledge:
        """What the Studio would know by now."""
        trace = self.file.with_suffix(".ttt")
        recording.save(trace)
        session = Session()
        with TraceReader(trace) as reader:
            blocks = [BlockArrived(data) for _, data in reader.data()]
            session.apply([TargetBegan("launched", str(self.file)), *blocks])
        return session.live

    def _look(self, recording: Recording) -> None:
        window = ttLedger().get_essence_by_name("window")
        if window is None:
            return
        self._looks += 1
        if self._looks > MOST_LOOKS:
            self.failure = f"stuck in {self.play.step.title}: {list(self.play.left())}"
        if self.failure or self._go_on(window, self.known(recording)):
            window.finish()

    def _go_on(self, window: Any, known: Knowledge) -> bool:
        """Do what is next. Returns whether the program is to end."""
        play = self.play
        for place, item in enumerate(play.step.items):
            if isinstance(item, Predict) and play.is_open(place):
                play.predict(place, item.choices[0].value if item.choices else "1")
        play.update(known)
        following = play.next_do()
        if following is not None:
            return self._do(*following, window)
        if play.is_complete():
            play.go(play.number + 1)
        return play.progress.finished

    def _do(self, place: int, action: Action, window: Any) -> bool:
        self.play.progress.done.add(self.play.key(place))
        if action.verb == "call":
            args, kwargs = parse_arguments(action.arguments)
            getattr(window, action.sparkle)(*args, **kwargs)
        return action.verb == "stop"
