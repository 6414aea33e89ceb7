"""One instance of a service for all: what an access gives, when the inits run, and what is refused."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tasktonic import ttEssence, ttLedger
from tasktonic.errors import ttRunningError
from tests.framework.desks import PlainDesk
from tests.helpers.apps import in_thread


def test_every_access_gives_the_same_instance() -> None:
    assert PlainDesk() is PlainDesk()


def test_bind_gives_the_service() -> None:
    desk = PlainDesk()

    assert ttEssence().bind(PlainDesk) is desk


def test_init_runs_once() -> None:
    calls: list[int] = []

    class Once(ttEssence):
        _tt_is_service = "once"

        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            calls.append(1)

    Once()
    Once()

    assert calls == [1]


def test_init_service_runs_at_each_access_with_what_the_caller_passed() -> None:
    class Noting(PlainDesk):
        accesses: list[Any]

        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.accesses = []

        def _init_service(self, context: Any, **kwargs: Any) -> None:
            self.accesses.append((context, kwargs))

    user = ttEssence()
    user.bind(Noting, colour="red")
    desk = Noting(colour="blue", context=user)
    Noting()

    assert desk.accesses == [(user, {"colour": "red"}), (user, {"colour": "blue"}), (None, {})]


def test_init_service_gets_positional_arguments_by_the_names_of_init() -> None:
    seen: list[Any] = []

    class Port(ttEssence):
        _tt_is_service = "port"

        def __init__(self, number: int, **kwargs: Any) -> None:
            super().__init__(**kwargs)

        def _init_service(self, context: Any, **kwargs: Any) -> None:
            seen.append(kwargs)

    ttEssence().bind(Port, 80)

    assert seen == [{"number": 80}]


def test_init_service_runs_in_the_thread_of_the_caller() -> None:
    names: list[str] = []

    class Noting(PlainDesk):
        def _init_service(self, **kwargs: Any) -> None:
            names.append(threading.current_thread().name)

    in_thread(Noting, "caller").join()

    assert names == ["caller"]


def test_service_may_be_bound_through_a_base_that_shares_its_name() -> None:
    class FastDesk(PlainDesk):
        pass

    fast = FastDesk()

    assert ttEssence().bind(PlainDesk) is fast


def test_service_may_be_bound_through_a_relative_that_shares_its_name() -> None:
    class FastDesk(PlainDesk):
        pass

    class LargeDesk(PlainDesk):
        pass

    fast = FastDesk()

    assert ttEssence().bind(LargeDesk) is fast


def test_foreign_class_of_the_same_name_is_refused() -> None:
    class Other(ttEssence):
        _tt_is_service = "plain desk"

    PlainDesk()

    with pytest.raises(ttRunningError, match="service 'plain desk' is a PlainDesk, which has nothing to do with Other"):
        Other()


def test_service_whose_init_raises_leaves_nothing_behind() -> None:
    class Failing(ttEssence):
        _tt_is_service = "failing"

        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            raise LookupError("no")

    with pytest.raises(LookupError):
        Failing()

    assert ttLedger().get_service_essence("failing") is None
    assert ttLedger().essences == []


def test_service_whose_init_raised_can_be_made_later() -> None:
    fails = [True, False]

    class Failing(ttEssence):
        _tt_is_service = "failing"

        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            if fails.pop(0):
                raise LookupError("no")

    with pytest.raises(LookupError):
        Failing()

    assert Failing() is ttLedger().get_service_essence("failing")


def test_what_init_service_makes_belongs_to_the_user() -> None:
    class Lending(ttEssence):
        _tt_is_service = "lending"

        def _init_service(self, context: Any = None, **kwargs: Any) -> None:
            self.made = ttEssence()
            self.own = self.bind(ttEssence)

    user = ttEssence()
    lending = user.bind(Lending)

    assert lending.made.context is user
    assert lending.own.context is lending
