"""The state machine of a class as its source has it: every ``to_state`` that a handler can reach, and where it leads.

Followed are inheritance (also over files that lie beside each other), ordinary methods that a handler calls on itself with
what it hands over to them, ``super()`` and ``Base.method(self)``. A call of a sparkle is not followed: it only queues an order.
Nothing is imported or run. Any thread; a class of two hundred states takes some tens of milliseconds.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from tasktonic import names
from tasktonic.errors import ttSparkleNameError
from tasktonic_studio.analysis.classes import Classes, ClassSource, Method, self_name
from tasktonic_studio.analysis.files import Files, ParsedFile
from tasktonic_studio.analysis.values import (
    UNKNOWN,
    Scope,
    Value,
    Values,
    assigned_in,
    values_of_expression,
)

How = Literal["to", "computed", "again"]

ANY_STATE: Final = ""
NO_STATE: Final = "--"
_CUSTOM: Final = ("ttqt",)
"""Prefixes that toolkits of the framework add to its own."""
_MOST_CALLS: Final = 20_000
_DEEPEST: Final = 25


class Exit(NamedTuple):
    """A way out of a handler.

    `method` handles `sparkle` in `state`: empty for any state, ``--`` for no state yet (``__init__``, ``ttse__on_start``). `how`: ``to``
    where the text says which state (`target`; ``--`` stops the machine), ``computed`` where it is chosen while the program runs
    (`target` is one of those possible, empty when none can be told), ``again`` where the state is left and entered anew.
    `line` is the line of the call in `file`, `via` the method that has it, when that is another one.
    """

    method: str
    sparkle: str
    state: str
    target: str
    how: How
    file: str
    line: int
    via: str = ""


@dataclass(frozen=True, slots=True)
class SourceMachine:
    """All ways out of all handlers of a class. `problems` are sentences on what could not be read; `files` were looked at."""

    exits: tuple[Exit, ...] = ()
    problems: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


class Handler(NamedTuple):
    """A method and what it handles, as the stream tells it."""

    method: str
    sparkle: str
    state: str


@dataclass(slots=True)
class _Walk:
    """What is being looked through: one handler, and all that it calls."""

    handler: Handler
    order: list[ClassSource]
    found: list[Exit] = field(default_factory=list)
    seen: set[tuple[int, tuple[tuple[str, Values], ...]]] = field(default_factory=set)
    reached: set[str] = field(default_factory=set)


def read_machine(
    files: Files,
    file: str,
    name: str,
    *,
    line: int = 0,
    module: str = "",
    states: Sequence[str] = (),
    handlers: Iterable[Handler] = (),
    more_files: Iterable[str] = (),
) -> SourceMachine:
    """Look through the source of a class.

    Args:
        files: where texts come from.
        file: the file of the class.
        name: its name.
        line: where its statement stood when it was told of, 1-based; the nearest class of that name is taken.
        module: the module's name, from which imports are found.
        states: the names of its states by index, for ``to_state(2)``.
        handlers: its handlers as told; without them they are taken from the names of methods.
        more_files: where else bases may stand, such as the files of inherited handlers.
    """
    parsed = files.parse(file, module) if file else None
    classes = Classes(files)
    cls = classes.find(parsed, name, line) if parsed is not None else None
    if cls is None:
        if not file:
            files.problems.append(f"It is not known in which file the class {name} stands.")
        elif parsed is not None:
            files.problems.append(f"There is no class {name} in {file} any more.")
        return SourceMachine(problems=tuple(files.problems), files=tuple(files.used))
    order = classes.order(cls)
    _add_inherited(files, order, classes, more_files)
    reader = _Reader(classes, order, states)
    exits = reader.read(list(handlers) or _handlers_by_name(order))
    if reader.gave_up:
        files.problems.append(f"The methods of {name} call each other in so many ways that not all were followed.")
    return SourceMachine(tuple(exits), tuple(files.problems), tuple(files.used))


def _add_inherited(files: Files, order: list[ClassSource], classes: Classes, more_files: Iterable[str]) -> None:
    """Bases that no import led to: handlers are known to stand in these files, in the class that a base is named after."""
    known = {it.name for it in order}
    for file in dict.fromkeys(more_files):
        # The framework's own handlers are among them: that their file lies elsewhere by now is nobody's problem.
        other = files.parse(file) if files.exists(file) else None
        if other is None:
            continue
        for cls in list(order):
            for node in cls.node.bases:
                name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
                base = classes.find(other, name) if name and name not in known else None
                if base is not None:
                    order.extend(it for it in classes.order(base) if it not in order)
                    known.update(it.name for it in order)


def _handlers_by_name(order: list[ClassSource]) -> list[Handler]:
    found: dict[str, Handler] = {}
    for cls in order:
        for method in cls.methods:
            try:
                parsed = names.parse(method, _CUSTOM)
            except ttSparkleNameError:
                continue
            if parsed is not None and method not in found:
                found[method] = Handler(method, parsed.called, parsed.state)
    return list(found.values())


class _Reader:
    """Follows the handlers of one class."""

    def __init__(self, classes: Classes, order: list[ClassSource], states: Sequence[str]) -> None:
        self._classes = classes
        self._order = order
        self._states = states
        self._calls = 0

    @property
    def gave_up(self) -> bool:
        """Whether there were more calls than are followed."""
        return self._calls > _MOST_CALLS

    def read(self, handlers: list[Handler]) -> list[Exit]:
        found: list[Exit] = []
        reached: set[str] = set()
        sparkles = {it.method for it in handlers}
        started = [Handler("__init__", "__init__", NO_STATE), *handlers]
        for handler in started:
            at_start = handler.sparkle == "ttse__on_start" and not handler.state
            found += self._follow(handler._replace(state=NO_STATE) if at_start else handler, reached)
        # What no handler calls is there for others to call: it runs in whatever state the tonic is in.
        for cls in self._order:
            for method in cls.methods:
                if method not in reached and method not in sparkles and method != "__init__":
                    reached.add(method)
                    found += self._follow(Handler(method, method, ANY_STATE), reached)
        return list(dict.fromkeys(found))

    def _follow(self, handler: Handler, reached: set[str]) -> list[Exit]:
        walk = _Walk(handler, self._order, reached=reached)
        place = self._method(handler.method, 0)
        if place is not None:
            self._walk(walk, place[0], place[1], {}, 0)
        return walk.found

    def _method(self, name: str, start: int) -> tuple[int, Method] | None:
        """The method of this name in the order of bases, from number `start` on, and where."""
        for number in range(start, len(self._order)):
            method = self._order[number].methods.get(name)
            if method is not None:
                return number, method
        return None

    def _walk(self, walk: _Walk, number: int, method: Method, given: dict[str, Values], depth: int) -> None:
        mark = (id(method), tuple(sorted(given.items())))
        self._calls += 1
        if mark in walk.seen or depth > _DEEPEST or self.gave_up:
            return
        walk.seen.add(mark)
        cls = self._order[number]
        scope = Scope(cls.parsed, self._order, self_name(method), given, assigned_in(method))
        for node in ast.walk(method):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                self._call(walk, number, method, node, node.func, scope, depth)

    def _call(
        self, walk: _Walk, number: int, method: Method, node: ast.Call, called: ast.Attribute, scope: Scope, depth: int
    ) -> None:
        whose, arguments = called.value, node.args
        is_own = isinstance(whose, ast.Name) and bool(scope.own) and whose.id == scope.own
        start, stop = 0, len(self._order)
        if isinstance(whose, ast.Call) and isinstance(whose.func, ast.Name) and whose.func.id == "super":
            is_own, start = True, number + 1
        elif isinstance(whose, ast.Name) and not is_own and arguments and _is_name(arguments[0], scope.own):
            base = next((at for at, it in enumerate(self._order) if it.name == whose.id), stop)
            is_own, start, arguments = base < stop, base, arguments[1:]
        if not is_own:
            return
        if called.attr == "to_state":
            target = next((it.value for it in node.keywords if it.arg == "state"), arguments[0] if arguments else None)
            self._leave(walk, method, node, UNKNOWN if target is None else values_of_expression(target, scope))
        elif called.attr == "reenter_current_state":
            self._note(walk, method, node, walk.handler.state, "again")
        elif start > 0 or not _is_sparkle(called.attr):
            place = self._method(called.attr, start)
            if place is not None:
                walk.reached.add(called.attr)
                self._walk(walk, *place, _bound(place[1], arguments, node.keywords, scope), depth + 1)

    def _leave(self, walk: _Walk, method: Method, node: ast.Call, values: Values) -> None:
        how: How = "to" if values.is_whole else "computed"
        for value in values.values:
            self._note(walk, method, node, self._state(value), how)
        if not values.values:
            self._note(walk, method, node, "", "computed")

    def _state(self, value: Value) -> str:
        if isinstance(value, str):
            return value
        if value == -1:
            return NO_STATE
        return self._states[value] if 0 <= value < len(self._states) else str(value)

    def _note(self, walk: _Walk, method: Method, node: ast.Call, target: str, how: How) -> None:
        handler = walk.handler
        parsed = self._file_of(method)
        via = "" if method.name == handler.method else method.name
        walk.found.append(
            Exit(handler.method, handler.sparkle, handler.state, target, how, parsed.file, node.lineno, via)
        )

    def _file_of(self, method: Method) -> ParsedFile:
        return next(it.parsed for it in self._order if it.methods.get(method.name) is method)


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and bool(name) and node.id == name


def _is_sparkle(method: str) -> bool:
    try:
        return names.parse(method, _CUSTOM) is not None
    except ttSparkleNameError:
        return False


def _bound(
    method: Method, arguments: Sequence[ast.expr], keywords: Iterable[ast.keyword], scope: Scope
) -> dict[str, Values]:
    """What the parameters of a method are in a call, with their defaults; those that cannot be told are unknown."""
    parameters = [*method.args.posonlyargs, *method.args.args][1:]
    given = {it.arg: UNKNOWN for it in (*parameters, *method.args.kwonlyargs)}
    defaults = method.args.defaults
    plain = zip(parameters[len(parameters) - len(defaults) :], defaults, strict=False) if defaults else ()
    named = zip(method.args.kwonlyargs, method.args.kw_defaults, strict=True)
    for parameter, default in (*plain, *named):
        if default is not None:
            given[parameter.arg] = values_of_expression(default, scope)
    for parameter, argument in zip(parameters, arguments, strict=False):
        given[parameter.arg] = values_of_expression(argument, scope)
    for keyword in keywords:
        if keyword.arg in given:
            given[keyword.arg] = values_of_expression(keyword.value, scope)
    return given
