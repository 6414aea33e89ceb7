"""The one current selection and the one shown moment that all panels share; outlives a session."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from tasktonic_studio.watchers import Watchers

Kind = Literal["essence", "class", "run", "order", "state", "store", "log", "place", "catalyst"]
Key = int | tuple[int, int] | tuple[int, str] | tuple[str, int]

HISTORY_LIMIT: Final = 200


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that can be selected.

    `key` is the id for `essence`, `class` and `catalyst`, the number for `run` and `order`, the index of a line for
    `log`, (class id, state index) for `state`, (store id, path) for `store`, (file, line) for `place`.
    """

    kind: Kind
    key: Key


class _Look(NamedTuple):
    """What was selected, the moment that was shown with it, and which of the two was chosen last."""

    thing: Thing | None
    time: int | None
    moment_is_newer: bool


@dataclass(slots=True)
class Selection:
    """What is selected, hovered and at which moment; tells those who watch. UI thread only.

    Made by `app.py`, one for the window's whole life. `time` is None for live, else the number of an event: panels then
    show `Session.at(time)`.
    """

    thing: Thing | None = None
    hovered: Thing | None = None
    time: int | None = None
    span: tuple[int, int] | None = None
    """The stretch of time, in nanoseconds, that is looked at: marked in the timeline, else what it shows. None while it
    follows what is new, or is not on screen."""
    moment_is_newer: bool = False
    """Whether the moment was moved after the thing was selected: a step begins at what the person pointed at last."""
    _past: list[_Look] = field(default_factory=list)
    _future: list[_Look] = field(default_factory=list)
    _watchers: Watchers[[]] = field(default_factory=Watchers)

    @property
    def is_live(self) -> bool:
        return self.time is None

    def select(self, thing: Thing | None) -> None:
        """Select; what was selected before can be reached with `back`, with the moment that is shown now."""
        if self._take(thing, self.time, moment_is_newer=False):
            self._tell()

    def look_at(self, n: int | None) -> None:
        """Show the moment after event `n`, or the present with None."""
        self.moment_is_newer = True
        if n != self.time:
            self.time = n
            self._tell()

    def go_to(self, thing: Thing | None, n: int) -> None:
        """Select, and show the moment after event `n`, in one step: who watches is told once."""
        if self._take(thing, n, moment_is_newer=thing == self.thing):
            self._tell()

    @property
    def _look(self) -> _Look:
        return _Look(self.thing, self.time, self.moment_is_newer)

    def _take(self, thing: Thing | None, time: int | None, *, moment_is_newer: bool) -> bool:
        """Have this selected and shown from now on. Returns whether one of the two is another one than before."""
        is_other = thing != self.thing
        if is_other:
            self._past.append(self._look)
            del self._past[:-HISTORY_LIMIT]
            self._future.clear()
        is_other_moment = time != self.time
        self.thing, self.time, self.moment_is_newer = thing, time, moment_is_newer
        return is_other or is_other_moment

    def look_over(self, span: tuple[int, int] | None) -> None:
        """A stretch of time is looked at, or none."""
        if span != self.span:
            self.span = span
            self._tell()

    @property
    def can_go_back(self) -> bool:
        return bool(self._past)

    @property
    def can_go_forward(self) -> bool:
        return bool(self._future)

    def back(self) -> None:
        """Select what was selected before, at the moment that was shown then; nothing when there is no before."""
        if self._past:
            self._future.append(self._look)
            self.thing, self.time, self.moment_is_newer = self._past.pop()
            self._tell()

    def forward(self) -> None:
        """Undo one `back`."""
        if self._future:
            self._past.append(self._look)
            self.thing, self.time, self.moment_is_newer = self._future.pop()
            self._tell()

    def hover(self, thing: Thing | None) -> None:
        """The thing under the pointer, to be softly lit in every panel; no history."""
        if thing != self.hovered:
            self.hovered = thing
            self._tell()

    def forget_target(self) -> None:
        """A new target begins: ids of the old one mean nothing now. A place in source stays selected."""
        places = (it.thing for it in self._past if it.thing is not None and it.thing.kind == "place")
        self._past = [_Look(place, None, moment_is_newer=False) for place in places]
        self._future.clear()
        self.hovered = None
        self.time = None
        self.span = None
        if self.thing is not None and self.thing.kind != "place":
            self.thing = None
        self._tell()

    def watch(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback` after every change, until the returned function is called."""
        return self._watchers.add(callback)

    def _tell(self) -> None:
        self._watchers.tell()
