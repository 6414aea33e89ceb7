"""Those who are told of a change, while they come and go."""

from __future__ import annotations

from collections.abc import Callable

from tasktonic_studio.settings import Settings
from tasktonic_studio.watchers import Watchers


def test_all_are_told_in_the_order_in_which_they_came() -> None:
    told: list[str] = []
    watchers = Watchers[str]()
    watchers.add(lambda what: told.append(f"first {what}"))
    watchers.add(lambda what: told.append(f"second {what}"))

    watchers.tell("door")

    assert told == ["first door", "second door"]


def test_one_that_came_twice_is_told_once_when_one_of_the_two_has_gone_and_gone_again() -> None:
    told: list[str] = []
    watchers = Watchers[str]()
    undo = watchers.add(told.append)
    watchers.add(told.append)
    undo()
    undo()

    watchers.tell("door")

    assert told == ["door"]


def test_one_that_comes_while_they_are_told_is_told_the_next_time() -> None:
    told: list[str] = []
    watchers = Watchers[str]()
    watchers.add(lambda _what: watchers.add(told.append))
    watchers.tell("first")
    before = list(told)

    watchers.tell("second")

    assert (before, told) == ([], ["second"])


def test_nobody_is_told_after_all_were_let_go() -> None:
    told: list[str] = []
    watchers = Watchers[str]()
    watchers.add(lambda _what: watchers.clear())
    watchers.add(told.append)

    watchers.tell("door")

    assert told == []


def test_one_that_an_earlier_one_has_ended_is_not_told_any_more() -> None:
    told: list[str] = []
    watchers = Watchers[str]()
    watchers.add(lambda _what: undo())
    undo = watchers.add(told.append)

    watchers.tell("door")

    assert told == []
    assert len(watchers) == 1


def test_a_view_that_is_closed_because_of_a_change_is_not_told_of_it() -> None:
    """As each of those does that can be watched: here the settings."""
    told: list[str] = []
    undos: list[Callable[[], None]] = []
    settings = Settings()
    settings.watch(lambda _key: undos[0]())
    undos.append(settings.watch(told.append))

    settings.set("theme", "light")

    assert told == []
