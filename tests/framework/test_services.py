from __future__ import annotations

import threading
from typing import Any

import pytest

from tasktonic import ttCatalyst, ttEssence, ttLedger, ttTonic
from tasktonic.errors import ttRunningError
from tasktonic.events import Ended, ServiceUsed
from tests.helpers.apps import in_thread, reading, run_app, wait_for


class Desk(ttTonic):
    _tt_is_service = "desk"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.accesses: list[Any] = []

    def _init_service(self, context: Any, **kwargs: Any) -> None:
        self.accesses.append((context, kwargs))


class PlainDesk(ttEssence):
    _tt_is_service = "plain desk"


class User(ttTonic):
    def ttse__on_start(self) -> None:
        self.desk = self.bind(Desk)
        self.work()
        self.finish()

    def work(self) -> None: ...


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

    class Visitor(ttTonic):
        def ttse__on_start(self) -> None:
            self.bind(Parent)
            self.ttsc__later()

        def ttsc__later(self) -> None:
            self.finish()

    formula = run_app(Visitor)

    assert formula.ledger.essences == []


def test_catalyst_of_a_service_does_not_keep_the_app_alive() -> None:
    class Parent(Desk):
        def ttse__on_start(self) -> None:
            ttTonic(catalyst=ttCatalyst(name="side"))

    class Visitor(ttTonic):
        def ttse__on_start(self) -> None:
            self.bind(Parent)
            self.ttsc__later()

        def ttsc__later(self) -> None:
            self.finish()

    formula = run_app(Visitor)

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

    class Visitor(ttTonic):
        def ttse__on_start(self) -> None:
            self.bind(Above)
            self.ttsc__later()

        def ttsc__later(self) -> None:
            self.finish()

    formula = run_app(Visitor)

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


def test_threads_that_ask_first_at_once_get_one_fully_made_instance() -> None:
    in_init, may_go_on = threading.Event(), threading.Event()
    found: list[tuple[ttEssence, bool]] = []

    class Slow(ttEssence):
        _tt_is_service = "slow"
        ready = False

        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            in_init.set()
            wait_for(may_go_on)
            self.ready = True

    def ask() -> None:
        slow = Slow()
        found.append((slow, slow.ready))

    first = in_thread(ask)
    wait_for(in_init)
    others = [in_thread(ask) for _ in range(3)]
    may_go_on.set()
    for thread in [first, *others]:
        thread.join()

    assert len({id(slow) for slow, _ in found}) == 1
    assert [ready for _, ready in found] == [True] * 4


def test_looking_a_service_up_waits_until_it_is_made() -> None:
    in_init, may_go_on = threading.Event(), threading.Event()
    found: list[Any] = []

    class Slow(ttEssence):
        _tt_is_service = "slow"
        ready = False

        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            in_init.set()
            wait_for(may_go_on)
            self.ready = True

    ledger = ttLedger()
    maker = in_thread(Slow)
    wait_for(in_init)
    looker = in_thread(lambda: found.append(ledger.get_service_essence("slow")))
    may_go_on.set()
    maker.join()
    looker.join()

    assert found[0].ready


def test_service_made_by_another_thread_runs_on_the_main_catalyst() -> None:
    threads: list[str] = []

    class Running(ttTonic):
        _tt_is_service = "running"

        def ttsc__work(self) -> None:
            threads.append(threading.current_thread().name)

    class Visitor(ttTonic):
        def ttse__on_start(self) -> None:
            self.bind(Running).ttsc__work()
            self.ttsc__later()

        def ttsc__later(self) -> None:
            in_thread(self.finish)

    class Main(ttTonic):
        def ttse__on_start(self) -> None:
            self.bind(Visitor, name="visitor", catalyst=ttCatalyst(name="side", context=-1))

        def ttse__on_visitor_finished(self) -> None:
            self.finish()

    run_app(Main)

    assert threads == ["MainThread"]


@pytest.mark.parametrize("attempt", range(5))
def test_users_on_two_threads_come_and_go_without_losing_a_service_in_use(attempt: int) -> None:
    class Brief(ttEssence):
        _tt_is_service = "brief"
        _tt_service_ends_when_unused = True

    ledger = ttLedger()
    alive: list[bool] = []

    def come_and_go() -> None:
        for _ in range(200):
            user = ttEssence(context=-1)
            brief = user.bind(Brief)
            alive.append(brief.id >= 0)
            user.finish()

    threads = [in_thread(come_and_go) for _ in range(2)]
    for thread in threads:
        thread.join()

    assert all(alive)
    assert ledger.essences == []


def test_access_to_a_service_that_is_being_made_is_told_when_it_is_made() -> None:
    class Left(ttEssence):
        _tt_is_service = "left"

        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.bind(Right, greeting="from left")
            self.greetings: list[str] = []

        def _init_service(self, context: Any = None, greeting: str = "", **kwargs: Any) -> None:
            self.greetings.append(f"{greeting} {type(context).__name__}")

    class Right(ttEssence):
        _tt_is_service = "right"

        def __init__(self, greeting: str, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.bind(Left, greeting="from right")
            self.bind(Left, greeting="again")

    user = ttEssence()
    left = user.bind(Left, greeting="from outside")

    assert left.greetings == ["from right Right", "again Right", "from outside ttEssence"]


def test_access_that_is_refused_when_the_service_is_made_leaves_no_user() -> None:
    class Left(ttEssence):
        _tt_is_service = "left"

        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.bind(Right)

        def _init_service(self, context: Any = None, **kwargs: Any) -> None:
            if context is not None:
                raise LookupError("nobody may use it")

    class Right(ttEssence):
        _tt_is_service = "right"

        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.bind(Left)

    with pytest.raises(LookupError):
        Left()

    assert Left().service_context == []


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
