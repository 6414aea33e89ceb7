"""A picture of the whole window, taken when its panels have something to show; for documentation, tests and people over ssh."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from tasktonic_studio.session.essences import EssenceFacts
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.frame_clock import FrameClock
from tasktonic_studio.ui.main_window import MainWindow
from tasktonic_studio.ui.status_words import target_name
from tasktonic_studio.ui.widgets.throttle import Throttle
from tasktonic_studio.wishes import Wishes

LOOK_EVERY_MS: Final = 100
LIVELY_S: Final = 2.5
"""So long a running app is watched before it is told what it is like: rates are over about a second."""
QUIET_S: Final = 6.0
"""An app that shows little by then does not show more later."""
PATIENCE_S: Final = 25.0
"""A script that has not even begun by then will not."""
AFTER_SELECTION_S: Final = 0.7
"""Panels settle on the selected tonic."""
ANSWER_S: Final = 3.0
"""An app that has not told the attributes of the selected tonic by then is too busy for it."""


SETTLED_S: Final = 15.0
"""A diagram that is not arranged by then is too large for a picture."""


class Snapshot(QObject):
    """Looks at the session ten times a second; when there is enough to see it selects, waits a moment, saves, and tells.

    Made by the root tonic when a picture was asked for; ends with the window.

    Args:
        window: the window.
        wishes: which picture.
        done: called once with an exit code and a sentence (empty when all went well).
    """

    def __init__(self, window: MainWindow, wishes: Wishes, done: Callable[[int, str], None]) -> None:
        super().__init__(window)
        self._window = window
        self._wishes = wishes
        self._done = done
        self._began_s = time.monotonic()
        self._alive_since_s = 0.0
        self._selected_at_s = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def _look(self) -> None:
        try:
            self._look_once()
        except Exception as problem:
            self._timer.stop()
            self._done(1, f"The picture could not be taken: {type(problem).__name__}: {problem}.")
            raise

    def _look_once(self) -> None:
        now = time.monotonic()
        live = self._window.bench.session.live
        if self._selected_at_s:
            passed_s = now - self._selected_at_s
            thing = self._window.bench.selection.thing
            is_answered = thing is None or thing.key in live.attributes or not live.target.is_alive
            is_settled = all(panel.is_settled() for panel in self._window.bench.area.visible_panels)
            if passed_s < AFTER_SELECTION_S:
                return
            if (is_answered or passed_s >= ANSWER_S) and (is_settled or passed_s >= SETTLED_S):
                self._timer.stop()
                self._take()
            return
        if not self._alive_since_s and len(live.essences):
            self._alive_since_s = now
        if self._is_enough(live, now):
            self._arrange(live)
            self._selected_at_s = now

    def _is_enough(self, live: Knowledge, now: float) -> bool:
        wishes = self._wishes
        if wishes.run and self._window.bench.banner.problem is not None:
            return True
        if wishes.show == "start" and not wishes.script:
            return now - self._began_s > 0.5
        if live.target.status in ("ended", "lost"):
            return True
        if now - self._began_s > PATIENCE_S:
            return True
        if not self._alive_since_s:
            return False
        watched_s = now - self._alive_since_s
        is_lively = any(rate > 0 for rate in live.essences.rates().values()) and len(live.log) >= 5
        return watched_s > QUIET_S or (watched_s > LIVELY_S and is_lively)

    def _arrange(self, live: Knowledge) -> None:
        bench, wishes = self._window.bench, self._wishes
        if wishes.panel:
            bench.show_panel(wishes.panel)
        thing = _path_of_store(live, wishes.select)
        essence = most_telling(live, wishes.select) if thing is None else None
        if essence is not None:
            thing = Thing("essence", essence)
        if thing is not None and wishes.show != "start":
            bench.selection.select(thing)
            if wishes.panel == "editor" or wishes.arrangement in ("debug", "learn"):
                bench.run("selection.go_to_source")
        if wishes.show == "palette":
            bench.show_palette()

    def _take(self) -> None:
        bench = self._window.bench
        show_one_moment(self._window, bench.clock)
        saved = self._window.grab().save(self._wishes.snapshot)
        target = bench.session.live.target
        if not saved:
            self._done(2, f"The picture could not be saved as {self._wishes.snapshot}.")
        elif self._wishes.script and (target.status in ("none", "starting") or _failed(bench.session.live)):
            words = target.sentence or "it did not begin in time"
            self._done(1, f"The script could not run: {target_name(target)}: {words}.")
        elif self._wishes.script and not bench.session.live.app.has_begun:
            self._done(1, f"There is nothing to watch: {target_name(target)}: {target.sentence}.")
        elif self._wishes.run and target.how != "file":
            self._done(
                1,
                f"The trace could not be shown: {bench.banner.problem.sentence if bench.banner.problem else 'it took too long.'}",
            )
        elif self._wishes.attach and not target.is_alive:
            self._done(1, f"Nothing could be watched: {target.sentence or 'there is no app to attach to'}.")
        else:
            self._done(0, "")


def show_one_moment(window: QWidget, clock: FrameClock) -> None:
    """Have all panels show the same moment, the present one: each puts some of its work off, and for another time."""
    clock.catch_up()
    for throttle in window.findChildren(Throttle):
        throttle.flush()


def _path_of_store(live: Knowledge, path: str) -> Thing | None:
    """The path of a store that has this name, None when there is none."""
    store = next((store for store in live.store if path and live.store.get(store, path) is not None), None)
    return None if store is None else Thing("store", (store, path))


def _failed(live: Knowledge) -> bool:
    """Whether a script ended badly."""
    target = live.target
    return target.status == "lost" or (target.status == "ended" and target.exit_code != 0)


def most_telling(live: Knowledge, name: str = "") -> int | None:
    """The tonic that shows most: alive, of the script's own, with a state, with children, busy. Or the one of that name."""
    best: tuple[tuple[float, ...], int] | None = None
    for essence in live.essences:
        facts = live.essences.get(essence)
        if facts is None:
            continue
        if name and facts.name == name:
            return essence
        worth = _worth(live, facts)
        if worth is not None and (best is None or worth > best[0]):
            best = (worth, essence)
    return best[1] if best is not None else None


def _worth(live: Knowledge, facts: EssenceFacts) -> tuple[float, ...] | None:
    defined = live.names.classes.get(facts.cls)
    is_own = defined is not None and defined.module.split(".")[0].lower() != "tasktonic"
    if not is_own or facts.service:
        return None
    has_state = live.state_name(facts.id) != "--"
    has_timer = bool(live.timers_of(facts.id))
    is_busy = live.rate(facts.id) >= 1
    # Of those that are alike the one that was born first: it stands near the top of the ledger.
    return (float(facts.is_alive), float(has_state), float(has_timer), float(is_busy), -float(facts.id))
