"""How services end: with the app, in their order, with their last user; and they keep no app alive."""

from __future__ import annotations

from typing import Any

from tasktonic import ttCatalyst, ttEssence, ttTonic
from tasktonic.events import Ended
from tests.framework.desks import Desk, User
from tests.helpers.apps import reading, run_app


class Visitor(ttTonic):
    """Uses a service, and finishes in its next sparkle."""

    def __init__(self, service: type[ttEssence], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.service = service

    def ttse__on_start(self) -> None:
        self.bind(self.service)
        self.ttsc__later()

    def ttsc__later(self) -> None:
        self.finish()


def test_service_stays_when_its_users_go() -> None:
    desks: list[Any] = []

    class First(ttTonic):
        def ttse__on_start(self) -> None:
            self.bind(User, name="user")

        def ttse__on_user_finished(self) -> None:
            desks.append(self.ledger.get_service_essence("desk"))
            self.finish()

    run_app(First)

    assert desks[0] is not None


def test_services_do_not_keep_the_app_alive() -> None:
    formula = run_app(User)

    assert formula.ledger.get_service_essence("desk") is None


def test_children_of_a_service_do_not_keep_the_app_alive() -> None:
    class Parent(Desk):
        def ttse__on_start(self) -> None:
            ttTonic(name="child")

    formula = run_app(lambda: Visitor(Parent))

    assert formula.ledger.essences == []


def test_catalyst_of_a_service_does_not_keep_the_app_alive() -> None:
    class Parent(Desk):
        def ttse__on_start(self) -> None:
            ttTonic(catalyst=ttCatalyst(name="side"))

    formula = run_app(lambda: Visitor(Parent))

    assert formula.ledger.essences == []


def test_services_end_after_all_tonics_the_youngest_first() -> None:
    class First(ttTonic):
        _tt_is_service = "first"

    class Second(ttTonic):
        _tt_is_service = "second"

    class Visitor(ttTonic):
        def ttse__on_start(self) -> None:
            self.bind(First, name="first")
            self.bind(Second, name="second")
            self.finish()

    with reading() as rows:
        run_app(Visitor)

    assert [row.essence for row in rows.of(Ended)] == [1, 3, 2, 0]


def test_service_that_uses_a_younger_one_is_finished_after_it() -> None:
    class Below(ttTonic):
        _tt_is_service = "below"

    class Above(ttTonic):
        _tt_is_service = "above"

        def ttse__on_start(self) -> None:
            self.bind(Below)

    formula = run_app(lambda: Visitor(Above))

    assert formula.ledger.essences == []


def test_services_may_use_each_other() -> None:
    class Left(ttEssence):
        _tt_is_service = "left"

        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.other = self.bind(Right)

    class Right(ttEssence):
        _tt_is_service = "right"

        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.other = self.bind(Left)

    left = Left()

    assert left.other.other is left


def test_service_that_ends_when_unused_goes_with_its_last_user() -> None:
    class Brief(ttEssence):
        _tt_is_service = "brief"
        _tt_service_ends_when_unused = True

    first, second = ttEssence(), ttEssence()
    brief = first.bind(Brief)
    second.bind(Brief)

    first.finish()
    stays = brief.id >= 0
    second.finish()

    assert stays
    assert brief.id == -1


def test_next_access_makes_a_new_one_after_that() -> None:
    class Brief(ttEssence):
        _tt_is_service = "brief"
        _tt_service_ends_when_unused = True

    user = ttEssence()
    old = user.bind(Brief)
    user.finish()

    assert ttEssence().bind(Brief) is not old


def test_access_while_a_service_finishes_makes_a_new_one() -> None:
    found: list[bool] = []

    class Brief(ttTonic):
        _tt_is_service = "brief"
        _tt_service_ends_when_unused = True

    class Visitor(ttTonic):
        def ttse__on_start(self) -> None:
            old = self.bind(Brief)
            self.unbind(old.id)
            new = self.bind(Brief)
            found.append(new is old)
            found.append(self.ledger.get_service_essence("brief") is new)
            self.ttsc__later()

        def ttsc__later(self) -> None:
            self.finish()

    formula = run_app(Visitor)

    assert found == [False, True]
    assert formula.ledger.essences == []


def test_service_that_finishes_in_its_init_is_what_its_first_user_gets() -> None:
    made: list[int] = []

    class Hasty(ttEssence):
        _tt_is_service = "hasty"

        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            made.append(self.id)
            self.finish()

    user = ttEssence()

    assert user.bind(Hasty).id == -1
    assert len(made) == 1
    assert user.bindings == []


def test_end_of_a_service_is_told_before_its_user_ends_when_it_was_first() -> None:
    notes: list[str] = []

    class Clock(ttTonic):
        _tt_is_service = "clock"

        def ttse__on_finished(self) -> None:
            notes.append("clock ends")

    class User(ttTonic):
        def ttse__on_start(self) -> None:
            self.bind(Clock).finish()
            self.ttsc__go()

        def ttsc__go(self) -> None:
            notes.append("user finishes")
            self.finish()

        def ttse__on_clock_finished(self) -> None:
            notes.append("user was told")

    run_app(User)

    assert notes == ["clock ends", "user finishes", "user was told"]
