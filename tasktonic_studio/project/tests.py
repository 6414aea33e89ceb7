"""The tests of a project and how they went: what the plugin in the process of pytest writes, folded into a list.

The records are those of ``in_tests/tasktonic_studio_reporter.py``. What they say is not trusted: one that is not understood is
left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal

from tasktonic_studio.watchers import Watchers

PLUGIN_FOLDER: Final = Path(__file__).with_name("in_tests")
PLUGIN: Final = "tasktonic_studio_reporter"
FILE_VARIABLE: Final = "TASKTONIC_STUDIO_TESTS"

Outcome = Literal[
    "not run",
    "running",
    "passed",
    "failed",
    "error",
    "skipped",
    "failed as expected",
    "passed unexpectedly",
    "crashed",
    "stopped",
]
_FROM_FILE: Final = frozenset({"passed", "failed", "error", "skipped", "failed as expected", "passed unexpectedly"})
BAD: Final = frozenset({"failed", "error", "crashed", "passed unexpectedly"})
_WORST_FIRST: Final[tuple[Outcome, ...]] = (
    *("crashed", "error", "failed", "passed unexpectedly", "running", "stopped"),
    *("passed", "failed as expected", "skipped", "not run"),
)
_MOST_TESTS: Final = 50_000


@dataclass(frozen=True, slots=True)
class TestFacts:
    """One test, and how it went last.

    Attributes:
        id: as pytest calls it: ``tests/test_pump.py::TestPump::test_it[3]``.
        file: where its function stands, an absolute path.
        line: where it begins, from 1.
        module: the file that it is found in, when that is another one: the test of a base class, or one that is made by a helper.
        outcome: a word for how it went.
        seconds: how long it took, with what was prepared for it; below 0 when it is not known.
        text: the traceback, or why it was skipped.
        sections: what it printed and logged, each with a title.
        places: file and line of each call of the traceback, the innermost last.
        trace: the file of its trace, when one was kept.
    """

    __test__ = False

    id: str
    file: str
    line: int = 1
    outcome: Outcome = "not run"
    seconds: float = -1.0
    text: str = ""
    sections: tuple[tuple[str, str], ...] = ()
    places: tuple[tuple[str, int], ...] = ()
    trace: str = ""
    module: str = ""

    @property
    def path(self) -> tuple[str, ...]:
        """The names from the file down to the test itself."""
        return _path_of(self.id)

    @property
    def argument(self) -> str:
        """How pytest is told which test is meant, wherever it is started."""
        _, colons, names = self.id.partition("::")
        return f"{self.module or self.file}{colons}{names}"


@dataclass(frozen=True, slots=True)
class TestOrder:
    """What is to be run, with which Python; an empty one is that of the Studio.

    ``only`` are ids of pytest, none for all; ``arguments`` says the same on its command line. ``collect``: only find out which
    there are.
    """

    __test__ = False

    project: str
    python: str
    only: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    collect: bool = False


class Tests:
    """All tests that are known of a project. One for each project; UI thread.

    ``sentence`` says how it stands as a whole, ``is_running`` whether pytest runs. ``watch`` tells of changes.
    """

    __test__ = False

    def __init__(self) -> None:
        self.is_running = False
        self.sentence = ""
        self.problem = ""
        self.output = ""
        """What pytest itself printed, its end."""
        self._all: dict[str, TestFacts] = {}
        self._now: list[str] = []
        """Those that run, in the order in which they began."""
        self._order: TestOrder | None = None
        self._only: frozenset[str] = frozenset()
        self._interrupted = ""
        """Why pytest ended in the middle, when it said so itself."""
        self._ran = False
        """Whether the plugin has said anything: pytest has begun."""
        self._seen: set[str] = set()
        self._broken: dict[str, TestFacts] = {}
        self._watchers = Watchers[[]]()

    @property
    def all(self) -> list[TestFacts]:
        """Those that could not be read first, then the tests, as pytest lists them."""
        return [*self._broken.values(), *self._all.values()]

    def find(self, test: str) -> TestFacts | None:
        return self._all.get(test) or self._broken.get(test)

    def bad(self) -> list[str]:
        """The ids of those that did not pass."""
        return [each.id for each in self.all if each.outcome in BAD]

    def has_in(self, file: str) -> bool:
        """Whether a test is known that stands in a file."""
        return any(each.file == file for each in self._all.values())

    def at(self, file: str, names: Sequence[str]) -> list[TestFacts]:
        """The tests that a place in a source belongs to: one, or as many as the function there has sets of parameters.

        Args:
            file: an absolute path.
            names: the classes and functions around the place, from outside in. Functions inside of a test are part of it.
        """
        here = [each for each in self._all.values() if each.file == file]
        for end in range(len(names), 0, -1):
            around = tuple(names[:end])
            if found := [each for each in here if _is_named(each, around)]:
                return found
        return []

    def below(self, paths: Iterable[tuple[str, ...]]) -> list[TestFacts]:
        """All tests of these paths, or below them: files, classes, tests."""
        wanted = frozenset(paths)
        return [each for each in self.all if any(each.path[:end] in wanted for end in range(1, len(each.path) + 1))]

    def watch(self, told: Callable[[], None]) -> Callable[[], None]:
        """Call ``told`` after each change, until the returned function is called."""
        return self._watchers.add(told)

    # ---- what happens

    def begin(self, order: TestOrder) -> None:
        """Pytest has been started."""
        self.is_running, self._order, self._now, self._seen = True, order, [], set()
        self._only = frozenset(order.only)
        self._ran, self._interrupted = False, ""
        self.problem, self.output = "", ""
        self.sentence = "looking for tests…" if order.collect else "starting pytest…"
        if not order.only:
            self._broken = {}
        for test in order.only:
            self._broken.pop(test, None)
        if not order.collect:
            for test, facts in self._all.items():
                if not order.only or self._is_asked(test):
                    self._all[test] = TestFacts(test, facts.file, facts.line, module=facts.module)
        self._tell()

    def take(self, records: Iterable[Mapping[str, Any]]) -> None:
        """Take records of the plugin."""
        for record in records:
            try:
                self._take(record)
            except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
                continue
        if self.is_running and not (self._order is not None and self._order.collect):
            self.sentence = f"running: {self.counted()}"
        self._tell()

    def end(self, ending: str, code: int, output: str, *, was_stopped: bool) -> None:
        """The process of pytest has ended; ``ending`` says how, in words."""
        collect = self._order is not None and self._order.collect
        self.is_running, self.output = False, output
        outcome: Outcome = "stopped" if was_stopped else "crashed"
        for test in self._now:
            facts = self._all.get(test)
            if facts is not None:
                why = self._interrupted or ending
                what = "Pytest" if self._interrupted else "The process of the tests"
                text = "" if was_stopped else f"{what} ended while this one ran: {why}."
                self._all[test] = replace(facts, outcome=outcome, text=text)
        crashed, self._now = bool(self._now) and not was_stopped, []
        if was_stopped:
            self.sentence = f"stopped: {self.counted()}"
        elif self._interrupted:
            self.sentence = f"ended by {self._interrupted}: {self.counted()}"
        elif crashed:
            self.sentence = f"the process of the tests died: {ending}"
        elif self._ran and (code in (0, 1, 5) or (code == 2 and self._broken)):
            number, broken = len(self._all), len(self._broken)
            self.sentence = f"{number} test{'' if number == 1 else 's'} found" if collect else self.counted()
            if code == 2 and not collect:
                what = "1 file" if broken == 1 else f"{broken} files"
                self.sentence = f"nothing was run, for {what} cannot be read: {self.sentence}"
            if not self.all:
                self.sentence = "no tests found"
        elif "No module named pytest" in output:
            self.sentence = "not run"
            self.problem = "The Python of the project has no pytest. Install it there: python -m pip install pytest"
        else:
            self.sentence = "pytest could not run"
            self.problem = f"Pytest could not run ({ending}). What it said is below."
        self._tell()

    def refuse(self, sentence: str) -> None:
        """Pytest could not be started at all."""
        self.is_running, self.problem, self.sentence = False, sentence, "not run"
        self._tell()

    def counted(self) -> str:
        """How many of which outcome: ``2 failed, 14 passed``."""
        counts: dict[Outcome, int] = {}
        for each in self.all:
            counts[each.outcome] = counts.get(each.outcome, 0) + 1
        return ", ".join(_counted(counts[outcome], outcome) for outcome in _WORST_FIRST if outcome in counts)

    def _take(self, record: Mapping[str, Any]) -> None:
        kind = record["kind"]
        self._ran = True
        if kind == "tests":
            for each in record["tests"]:
                self._know(each)
        elif kind == "collected":
            self._forget_those_gone()
        elif kind == "interrupted":
            self._interrupted = str(record["why"])
        elif kind == "broken":
            test, text = str(record["id"]), str(record["text"])
            self._broken[test] = TestFacts(
                test, str(record["file"]), 1, "error", -1.0, text, (), _places(record.get("places", ()))
            )
        elif kind == "start":
            test = self._know(record)
            self._all[test] = replace(self._all[test], outcome="running")
            self._now.append(test)
        elif kind == "result" and record["outcome"] in _FROM_FILE:
            test = self._know(record)
            if test in self._now:
                self._now.remove(test)
            self._all[test] = replace(
                self._all[test],
                outcome=record["outcome"],
                seconds=float(record["seconds"]),
                text=str(record["text"]),
                sections=tuple((str(title), str(text)) for title, text in record["sections"]),
                places=_places(record["places"]),
                trace=str(record["trace"]),
            )

    def _know(self, record: Mapping[str, Any]) -> str:
        test = str(record["id"])
        self._seen.add(test)
        file, line, module = str(record["file"]), int(record["line"]), str(record.get("module", ""))
        known = self._all.get(test)
        if known is None:
            if len(self._all) >= _MOST_TESTS:
                raise ValueError("too many tests")
            self._all[test] = TestFacts(test, file, line, module=module)
        elif (known.file, known.line, known.module) != (file, line, module):
            self._all[test] = replace(known, file=file, line=line, module=module)
        return test

    def _forget_those_gone(self) -> None:
        """What pytest did not find any more, of what it was to look for."""
        broken = tuple(self._broken)
        for test in [test for test in self._all if test not in self._seen and self._is_asked(test)]:
            if not test.startswith(broken):
                del self._all[test]

    def _is_asked(self, test: str) -> bool:
        return not self._only or any(each in self._only for each in _around(test))

    def _tell(self) -> None:
        self._watchers.tell()


@dataclass(frozen=True, slots=True)
class TestNews:
    """What is new of the tests of a project.

    ``began``: the order that has begun. ``records``: what the plugin wrote. ``ending``: how the process ended, in words, with its
    exit ``code`` and the end of what it printed. ``problem``: it could not be started.
    """

    __test__ = False

    project: str
    began: TestOrder | None = None
    records: tuple[dict[str, Any], ...] = ()
    ending: str = ""
    code: int = 0
    output: str = ""
    was_stopped: bool = False
    problem: str = ""

    def told_to(self, tests: Tests) -> None:
        """Have the tests take it."""
        if self.began is not None:
            tests.begin(self.began)
        elif self.problem:
            tests.refuse(self.problem)
        elif self.ending:
            tests.end(self.ending, self.code, self.output, was_stopped=self.was_stopped)
        else:
            tests.take(self.records)


def _is_named(test: TestFacts, names: tuple[str, ...]) -> bool:
    """Whether a test is the function of these names; one that a class has of a base class is so by its own name."""
    own = tuple(name.partition("[")[0] for name in test.path[1:])
    return own[-1:] == names[-1:] if test.module else own == names


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """The outcome of many: the worst of them."""
    there = set(outcomes)
    return next((each for each in _WORST_FIRST if each in there), "not run")


def _counted(number: int, outcome: Outcome) -> str:
    return f"{number} errors" if outcome == "error" and number > 1 else f"{number} {outcome}"


@lru_cache(maxsize=_MOST_TESTS)
def _path_of(test: str) -> tuple[str, ...]:
    head, bracket, tail = test.partition("[")
    names = head.split("::")
    names[-1] += bracket + tail
    return tuple(names)


def _around(test: str) -> Iterator[str]:
    """What an order may call a test by: its id, that without its parameters, its classes, its file, and the folders of that."""
    yield test
    head = test.partition("[")[0]
    yield head
    while "::" in head:
        head = head.rpartition("::")[0]
        yield head
    while "/" in head:
        head = head.rpartition("/")[0]
        yield head


def _places(told: Iterable[Any]) -> tuple[tuple[str, int], ...]:
    return tuple((str(file), int(line)) for file, line in told)


__all__ = [
    "BAD",
    "FILE_VARIABLE",
    "PLUGIN",
    "PLUGIN_FOLDER",
    "Outcome",
    "TestFacts",
    "TestNews",
    "TestOrder",
    "Tests",
    "worst",
]
