"""Who uses a service: its list of users, and what both sides hear of each other."""

from __future__ import annotations

from typing import Any

import pytest

from tasktonic import ttEssence, ttTonic
from tasktonic.events import ServiceUsed
from tests.framework.desks import Desk, PlainDesk, User
from tests.helpers.apps import reading, run_app


def test_service_has_no_context() -> None:
    assert ttEssence().bind(PlainDesk).context is None


def test_service_context_lists_its_users() -> None:
    first, second = ttEssence(), ttEssence()

    first.bind(PlainDesk)
    desk = second.bind(PlainDesk)

    assert desk.service_context == [first, second]


def test_user_is_listed_once_however_often_it_binds() -> None:
    user = ttEssence()

    user.bind(PlainDesk)

    assert user.bind(PlainDesk).service_context == [user]


def test_context_may_be_the_id_of_the_user() -> None:
    user = ttEssence()

    assert PlainDesk(context=user.id).service_context == [user]


def test_top_level_access_has_no_user() -> None:
    class Outer(ttEssence):
        def __init__(self) -> None:
            super().__init__()
            self.desk = PlainDesk(context=-1)

    assert Outer().desk.service_context == []


def test_service_is_among_the_bindings_of_its_user() -> None:
    user = ttEssence()

    desk = user.bind(PlainDesk)

    assert user.bindings == [desk.id]


def test_user_that_finishes_is_taken_off_the_list() -> None:
    user = ttEssence()
    desk = user.bind(PlainDesk)

    user.finish()

    assert desk.service_context == []


def test_unbinding_a_service_takes_the_user_off_the_list() -> None:
    user = ttEssence()
    desk = user.bind(PlainDesk)

    user.unbind(desk.id)

    assert desk.service_context == []
    assert user.bindings == []


def test_bound_instance_of_a_service_may_be_bound_again() -> None:
    user = ttEssence()
    desk = user.bind(PlainDesk)

    assert user.bind(desk) is desk


def test_joining_is_told_once_as_leaving_is() -> None:
    with reading() as rows:
        user = ttEssence()
        user.bind(PlainDesk)
        user.bind(PlainDesk)
        user.finish()

    assert [row.joined for row in rows.of(ServiceUsed)] == [True, False]


def test_service_hears_of_the_user_that_left() -> None:
    told: list[tuple[bool, int]] = []
    users: list[int] = []

    class Hearing(Desk):
        def ttse__on_service_context_finished(self, context_id: int, left: int) -> None:
            told.append((context_id in users, left))

    class Visitor(ttTonic):
        def ttse__on_start(self) -> None:
            users.append(self.id)
            self.bind(Hearing)
            self.finish()

    def start() -> None:
        Visitor()
        Visitor()

    run_app(start)

    assert (True, 0) in told
    assert all(known for known, _ in told)


def test_user_hears_of_the_end_of_the_service() -> None:
    told: list[str] = []

    class Visitor(User):
        def ttse__on_start(self) -> None:
            self.bind(Desk).finish()

        def ttse__on_desk_finished(self) -> None:
            told.append(self.name)
            self.finish()

    run_app(lambda: Visitor(name="visitor"))

    assert told == ["visitor"]


def test_user_whose_access_is_refused_is_not_listed() -> None:
    class Picky(PlainDesk):
        def _init_service(self, **kwargs: Any) -> None:
            if kwargs["context"] is not None:
                raise LookupError("not you")

    desk = Picky()
    user = ttEssence()

    with pytest.raises(LookupError, match="not you"):
        user.bind(Picky)

    assert desk.service_context == []
