"""Replacing while orders wait in the queue: other arguments, and who calls what waits."""

from __future__ import annotations

from typing import Any

import pytest

from tasktonic.replacing import Undoing, prepare, ttReplaceError
from tests.framework.replacing.house import HOUSE, Load, changed, in_an_app


def test_other_arguments_hold_at_once_also_for_a_bound_sparkle_but_not_while_orders_wait(load: Load) -> None:
    module, path = load()
    text = changed(
        ("def ttsc__say(self, what):", "def ttsc__say(self, what, who='me'):"), ("append(what)", "append((what, who))")
    )
    held: list[Any] = []

    def first(door: Any) -> None:
        held.append(door.ttsc__say)
        door.ttsc__say("waits")
        done = prepare(path, text).carry_out()
        assert [(row.what, row.why) for row in done.plan.kept] == [
            ("Base.ttsc__say", "1 order with the old arguments waits for it: try again when the queue is empty")
        ]
        Undoing(path)

    def second(door: Any) -> None:
        prepare(path, text).carry_out()
        held[0]("now", who="you")
        held[0]("now")
        with pytest.raises(TypeError, match="unexpected keyword argument 'whom'"):
            held[0]("now", whom="you")

    in_an_app(lambda door: None, first, second, lambda door: held.append(door.said), door=module.Door)

    assert held[1] == ["enters", "waits", ("now", "you"), ("now", "me")]


@pytest.mark.parametrize("line", ["", "super()"])
def test_nothing_is_put_back_while_orders_with_the_new_arguments_wait(load: Load, line: str) -> None:
    module, path = load()
    text = changed(("def ttsc__say(self, what):", f"def ttsc__say(self, what, who):\n        {line}"))
    told: list[Any] = []

    def first(door: Any) -> None:
        prepare(path, text).carry_out()
        door.ttsc__say("waits", "me")
        with pytest.raises(
            ttReplaceError, match=r"1 order with the new arguments waits for Base\.ttsc__say: try again"
        ):
            Undoing(path).carry_out()

    def then(door: Any) -> None:
        Undoing(path).carry_out()
        door.ttsc__say("old")

    in_an_app(lambda door: None, first, then, lambda door: told.extend(door.said), door=module.Door)

    assert told == ["enters", "waits", "old"]


def test_other_arguments_wait_for_the_queue_also_of_a_method_that_begins_to_use_super(load: Load) -> None:
    module, path = load()
    text = changed(
        (
            "def ttsc__say(self, what):\n        self",
            "def ttsc__say(self):\n        super()\n        what = 0\n        self",
        )
    )
    told: list[Any] = []

    def first(door: Any) -> None:
        door.ttsc__say("waits")
        told.append([row.why for row in prepare(path, text).carry_out().plan.kept])

    in_an_app(lambda door: None, first, lambda door: told.append(door.said), door=module.Door)

    assert told[0] == ["1 order with the old arguments waits for it: try again when the queue is empty"]
    assert told[1] == ["enters", "waits"]


def test_who_calls_a_sparkle_that_waits_for_its_queue_waits_with_it(load: Load) -> None:
    module, path = load()
    text = changed(
        ("def ttsc__say(self, what):", "def ttsc__say(self, what, who):"),
        ('self.said.append("is closed")', "self.ttsc__say('is closed', 'me')"),
    )
    kept: list[Any] = []

    def replace(door: Any) -> None:
        door.ttsc__say("waits")
        kept.extend(prepare(path, text, HOUSE).carry_out().plan.kept)

    in_an_app(lambda door: None, replace, door=module.Door)

    assert [(row.what, row.why) for row in kept] == [
        ("Base.ttsc__say", "1 order with the old arguments waits for it: try again when the queue is empty"),
        ("Door.ttsc_closed__push", "it calls Base.ttsc__say in a new way, which stays as it was"),
    ]
