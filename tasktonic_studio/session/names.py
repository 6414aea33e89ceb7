"""What things are called and where they stand in source: classes, sparkles, states, handlers.

These hold for the whole process, through several app runs. The records are those of the stream.
"""

from __future__ import annotations

from typing import NamedTuple

from tasktonic.events import NO_STATE, ClassDefined, HandlerDefined, SparkleDefined, StateDefined


class Place(NamedTuple):
    """A line of a source file; `line` is 1-based."""

    file: str
    line: int


class Names:
    """Names by id. Nothing here raises: an id that is not known yet gets a name such as `class 7`."""

    __slots__ = ("_by_class", "_handlers", "_shared", "_states", "classes", "sparkles")

    def __init__(self) -> None:
        self.classes: dict[int, ClassDefined] = {}
        self.sparkles: dict[int, SparkleDefined] = {}
        self._states: dict[tuple[int, int], str] = {}
        self._handlers: dict[tuple[int, int, str], HandlerDefined] = {}
        self._by_class: dict[int, tuple[HandlerDefined, ...]] = {}
        self._shared = False

    def cls(self, cls: int) -> str:
        """The name of a class."""
        known = self.classes.get(cls)
        return known.name if known else f"class {cls}"

    def sparkle(self, sparkle: int) -> str:
        """The name by which a sparkle is called, such as `ttsc__open`."""
        known = self.sparkles.get(sparkle)
        return known.name if known else f"sparkle {sparkle}"

    def state(self, cls: int, index: int) -> str:
        """The name of state `index` of the tonics of a class; `--` for no state."""
        if index == NO_STATE:
            return "--"
        return self._states.get((cls, index), f"state {index}")

    def states(self, cls: int) -> list[str]:
        """The names of all states of a class, by index."""
        found = sorted((index, name) for (owner, index), name in self._states.items() if owner == cls)
        return [name for _, name in found]

    def sparkles_of(self, cls: int) -> list[SparkleDefined]:
        """The sparkles of a class, by id."""
        return sorted((sparkle for sparkle in self.sparkles.values() if sparkle.cls == cls), key=lambda it: it.sparkle)

    def handlers(self, cls: int) -> tuple[HandlerDefined, ...]:
        """The methods of a class that handle sparkles, in the order they were told."""
        return self._by_class.get(cls, ())

    def place(self, cls: int) -> Place | None:
        """Where a class is defined."""
        known = self.classes.get(cls)
        return Place(known.file, known.line) if known and known.file and known.line > 0 else None

    def handler_place(self, sparkle: int, state: str = "") -> Place | None:
        """Where the method is that handles `sparkle` in a state: the state's own, else the generic one."""
        known = self.sparkles.get(sparkle)
        if known is None:
            return None
        handler = self._handlers.get((known.cls, sparkle, state)) or self._handlers.get((known.cls, sparkle, ""))
        return Place(handler.file, handler.line) if handler and handler.file and handler.line > 0 else None

    # ---- the fold ----------------------------------------------------------------------------------------------

    def fork(self) -> Names:
        """The same names; whoever changes them first makes a copy of its own."""
        other = Names()
        for field in ("classes", "sparkles", "_states", "_handlers", "_by_class"):
            setattr(other, field, getattr(self, field))
        self._shared = other._shared = True
        return other

    def _own(self) -> None:
        if self._shared:
            self.classes = dict(self.classes)
            self.sparkles = dict(self.sparkles)
            self._states = dict(self._states)
            self._handlers = dict(self._handlers)
            self._by_class = dict(self._by_class)
            self._shared = False

    def learn(self, event: ClassDefined | StateDefined | SparkleDefined | HandlerDefined) -> bool:
        """Take a definition; False when nothing was new."""
        if isinstance(event, ClassDefined):
            if self.classes.get(event.cls) == event:
                return False
            self._own()
            self.classes[event.cls] = event
        elif isinstance(event, SparkleDefined):
            if self.sparkles.get(event.sparkle) == event:
                return False
            self._own()
            self.sparkles[event.sparkle] = event
        elif isinstance(event, StateDefined):
            if self._states.get((event.cls, event.index)) == event.name:
                return False
            self._own()
            self._states[event.cls, event.index] = event.name
        else:
            key = (event.cls, event.sparkle, event.state)
            if self._handlers.get(key) == event:
                return False
            self._own()
            others = tuple(it for it in self._by_class.get(event.cls, ()) if (it.cls, it.sparkle, it.state) != key)
            self._handlers[key] = event
            self._by_class[event.cls] = (*others, event)
        return True
