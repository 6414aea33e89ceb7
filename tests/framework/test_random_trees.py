"""Random trees over several catalysts, against a model that is nothing but dicts.

An app runs in a thread of its own. The machine builds, binds, unbinds and finishes what lives there: from a foreign thread,
from inside sparkles, while things are being made, twice, two at once. After every step all catalysts are brought to a
stop between two sparkles, with nothing queued anywhere, and everything that counts is compared: the ledger and its
look-ups, who is whose child, users of services, what each catalyst has, timers, subscriptions, the order of the endings.

``TASKTONIC_RANDOM_TREES=2000`` tries more trees than the gate does.
"""

from __future__ import annotations

import contextlib
import gc
import os
import threading
import time
import weakref
from collections.abc import Callable
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from tasktonic import ttCatalyst, ttEssence, ttLedger, ttTimerRepeat, ttTimerSingleShot
from tasktonic.clock import now_ns
from tasktonic.events import Born, Ended
from tasktonic.loops import END_OF_BATCH
from tasktonic.stream import stream
from tests.helpers.apps import WAIT_S, Rows, in_thread, wait_for
from tests.helpers.tree_model import (
    FAR_S,
    Base,
    Brief,
    Broken,
    Hasty,
    Part,
    Refused,
    Side,
    TreeApp,
    TreeModel,
    Upper,
    Worker,
)

ALL = ("part", "tonic", "timer", "catalyst")
NAMES = ("ada", "bea", "cas")
PICK = st.integers(0, 99)
NAME = st.sampled_from([None, *NAMES])
INSIDE = st.booleans()


class TreeMachine(RuleBasedStateMachine):
    """Does things to a running app and to the model; see the head of the module."""

    def __init__(self) -> None:
        super().__init__()
        ttLedger.reset()
        self.problem: BaseException | None = None
        self.rows = Rows()
        stream.attach(self.rows)
        ready = threading.Event()
        self.thread = threading.Thread(target=self._run_app, args=(ready,), name="app")
        self.thread.start()
        wait_for(ready)
        self.raise_problem()
        self.app = TreeApp.running
        self.ledger = self.app.ledger
        self.model = TreeModel()
        self.seen: dict[int, weakref.ref[ttEssence]] = {}
        self.finished: list[weakref.ref[ttEssence]] = []
        self.ended: set[int] = set()
        for essence in self.ledger.essences:
            kind = "catalyst" if isinstance(essence, ttCatalyst) else "tonic" if isinstance(essence, Worker) else "part"
            self.model.enter(essence, kind, None)
        self.fixed = set(self.model.nodes)
        self.check()

    def _run_app(self, ready: threading.Event) -> None:
        try:
            TreeApp(ready)
        except BaseException as error:
            self.problem = error
            ready.set()

    def raise_problem(self) -> None:
        if self.problem is not None:
            raise self.problem

    # -- doing things -----------------------------------------------------------------------------------------------

    def pick(self, pick: int, *kinds: str, fixed: bool = True) -> int:
        """One of what lives, by a number that hypothesis draws; -1 when there is none."""
        living = [
            node.id
            for node in self.model.nodes.values()
            if node.kind in kinds and not node.service and (fixed or node.id not in self.fixed)
        ]
        return living[pick % len(living)] if living else -1

    def fixed_catalyst(self, pick: int) -> Any:
        return self.app.catalysts[pick % len(self.app.catalysts)]

    def essence(self, number: int) -> Any:
        found = self.ledger.get_essence_by_id(number)
        assert found is not None
        return found

    def inside(self, number: int, work: Callable[[Any], Any]) -> Any:
        """Do something in a sparkle of a tonic; gives what it returned once it has, or raises what it raised."""
        done = threading.Event()
        results: list[Any] = []
        errors: list[BaseException] = []

        def do(tonic: Any) -> None:
            try:
                results.append(work(tonic))
            except Exception as error:
                errors.append(error)
            finally:
                done.set()

        self.essence(number).ttsc__do(do)
        wait_for(done)
        if errors:
            raise errors.pop()
        return results.pop()

    def at_once(self, *works: Callable[[], Any]) -> None:
        """Do several things as much at once as threads can."""
        barrier = threading.Barrier(len(works), timeout=WAIT_S)
        errors: list[BaseException] = []

        def do(work: Callable[[], Any]) -> None:
            try:
                barrier.wait()
                work()
            except BaseException as error:
                errors.append(error)

        for thread in [in_thread(lambda work=work: do(work)) for work in works]:  # type: ignore[misc]
            thread.join(WAIT_S)
        assert not errors, errors

    # -- making -----------------------------------------------------------------------------------------------------

    @rule(pick=PICK, name=NAME, depth=st.integers(1, 4))
    def make_parts(self, pick: int, name: str | None, depth: int) -> None:
        above = self.pick(pick, "part", "tonic", "catalyst")
        for _ in range(depth):
            above = self.model.enter(self.essence(above).bind(Part, name=name), "part", above).id
        self.check()

    @rule(pick=PICK, on=PICK, name=NAME, inside=INSIDE)
    def make_tonic(self, pick: int, on: int, name: str | None, inside: bool) -> None:
        catalyst = self.pick(on, "catalyst")
        above = self.pick(pick, "tonic") if inside else self.pick(pick, "part", "tonic", "catalyst")
        if inside:
            made = self.inside(above, lambda tonic: Worker(name=name, catalyst=self.essence(catalyst)))
        else:
            made = self.essence(above).bind(Worker, name=name, catalyst=self.essence(catalyst))
        self.model.enter(made, "tonic", above)
        del made
        self.check()

    @rule(pick=PICK, name=NAME, with_tonic=st.booleans())
    def make_catalyst(self, pick: int, name: str | None, with_tonic: bool) -> None:
        above = self.pick(pick, "part", "tonic")
        number = self.model.enter(self.essence(above).bind(Side, name=name), "catalyst", above).id
        if with_tonic:
            self.model.enter(Worker(context=-1, catalyst=self.essence(number)), "tonic", None)
        self.check()

    @rule(pick=PICK, inside=INSIDE)
    def make_timer(self, pick: int, inside: bool) -> None:
        above = self.pick(pick, "tonic")
        if inside:
            made = self.inside(above, lambda tonic: ttTimerRepeat(FAR_S))
        else:
            made = self.essence(above).bind(ttTimerSingleShot, FAR_S)
        self.model.enter(made, "timer", above).is_pending = True
        del made
        self.check()

    @rule(pick=PICK)
    def make_timer_that_fires_at_once(self, pick: int) -> None:
        self.essence(self.pick(pick, "tonic")).bind(ttTimerSingleShot)
        self.check()

    @rule(pick=PICK)
    def pause_or_resume_a_timer(self, pick: int) -> None:
        number = self.pick(pick, "timer")
        if number >= 0:
            node = self.model.nodes[number]
            timer = self.essence(number)
            if node.is_pending:
                timer.pause()
            else:
                timer.resume()
            node.is_pending = not node.is_pending
            del timer
        self.check()

    @rule(pick=PICK, on=PICK, cls=st.sampled_from([Hasty, Brief]), inside=INSIDE)
    def make_what_does_not_last(self, pick: int, on: int, cls: type[Worker], inside: bool) -> None:
        catalyst = self.fixed_catalyst(on)
        if inside:
            self.inside(self.pick(pick, "tonic"), lambda tonic: cls(catalyst=catalyst).id)
        else:
            self.essence(self.pick(pick, "part", "tonic", "catalyst")).bind(cls, catalyst=catalyst)
        self.check()

    @rule(pick=PICK, inside=INSIDE)
    def make_what_fails(self, pick: int, inside: bool) -> None:
        """It leaves nothing; but a service that it was the first to ask for stays, as services do."""
        above = self.pick(pick, "tonic")
        with contextlib.suppress(Refused):
            if inside:
                self.inside(above, lambda tonic: Broken())
            else:
                self.essence(above).bind(Broken)
            raise AssertionError("it should have raised")
        self.enter_service("base")
        self.check()

    # -- services and subscriptions -----------------------------------------------------------------------------------

    def enter_service(self, name: str) -> None:
        """Take a service into the model if it is new."""
        service = self.ledger.get_service_essence(name)
        assert service is not None
        if self.model.service(name) is not None:
            return
        self.model.enter(service, "tonic", None)
        if name == "upper":
            self.enter_service("base")
            base = self.model.service("base")
            assert base is not None
            base.users.add(service.id)
            child = next(number for number in service.bindings if number != base.id)
            self.model.enter(self.essence(child), "tonic", service.id)

    @rule(pick=PICK, cls=st.sampled_from([Base, Upper]), inside=INSIDE)
    def use_service(self, pick: int, cls: type[Base | Upper], inside: bool) -> None:
        user = self.pick(pick, "tonic") if inside else self.pick(pick, "part", "tonic")
        if inside:
            self.inside(user, lambda tonic: cls().id)
        else:
            self.essence(user).bind(cls)
        self.enter_service(cls._tt_is_service)
        node = self.model.service(cls._tt_is_service)
        assert node is not None
        node.users.add(user)
        self.check()

    @rule(pick=PICK, cls=st.sampled_from([Base, Upper]))
    def ask_first_from_two_threads_at_once(self, pick: int, cls: type[Base | Upper]) -> None:
        users = [self.pick(pick, "part", "tonic"), self.pick(pick + 1, "part", "tonic")]
        self.at_once(*(lambda user=user: self.essence(user).bind(cls) for user in users))  # type: ignore[misc]
        self.enter_service(cls._tt_is_service)
        node = self.model.service(cls._tt_is_service)
        assert node is not None
        node.users |= set(users)
        self.check()

    @rule(pick=PICK)
    def stop_using_a_service(self, pick: int) -> None:
        pairs = [(user, node) for node in self.model.nodes.values() for user in sorted(node.users)]
        if pairs:
            user, node = pairs[pick % len(pairs)]
            self.essence(user).unbind(node.id)
            self.model.unuse(user, node)
        self.check()

    @rule(pick=PICK)
    def let_a_child_go(self, pick: int) -> None:
        """It lives on at top level."""
        number = self.pick(pick, "part", "tonic", "catalyst", fixed=False)
        if number >= 0 and (parent := self.model.nodes[number].parent) is not None:
            self.essence(parent).unbind(number)
            self.model.nodes[number].parent = None
        self.check()

    @rule(cls=st.sampled_from([Base, Upper]))
    def finish_a_service(self, cls: type[Base | Upper]) -> None:
        node = self.model.service(cls._tt_is_service)
        if node is not None:
            self.essence(node.id).finish()
            self.model.forget(node.id)
        self.check()

    @rule(pick=PICK, path=st.sampled_from(["a", "a/b", "*/b", "**"]), plain=st.booleans())
    def subscribe(self, pick: int, path: str, plain: bool) -> None:
        number = self.pick(pick, "tonic")
        tonic = self.essence(number)
        if plain:
            self.app.store.subscribe(path, _hear_nothing, owner=tonic)
        else:
            self.app.store.subscribe(path, tonic.ttsc__hear)
        self.model.nodes[number].subscriptions += 1
        del tonic
        self.check()

    @rule(value=st.integers(0, 3))
    def write(self, value: int) -> None:
        self.app.store.set("a/b", value)
        self.check()

    # -- finishing --------------------------------------------------------------------------------------------------

    @rule(pick=PICK, how=st.sampled_from(["outside", "twice", "inside", "by another"]), by=PICK)
    def finish(self, pick: int, how: str, by: int) -> None:
        number = self.pick(pick, *ALL, fixed=False)
        if number < 0:
            return
        if how == "inside" and self.model.nodes[number].kind == "tonic":
            self.inside(number, lambda tonic: tonic.finish())
        elif how == "by another":
            self.inside(self.pick(by, "tonic"), lambda tonic: self.essence(number).finish())
        else:
            essence = self.essence(number)
            essence.finish()
            if how == "twice":
                essence.finish()
            del essence
        self.model.forget(number)
        self.check()

    @rule(pick=PICK, other=PICK)
    def finish_two_at_once(self, pick: int, other: int) -> None:
        numbers = [self.pick(pick, *ALL, fixed=False), self.pick(other, *ALL, fixed=False)]
        if min(numbers) >= 0:
            self.at_once(*(self.essence(number).finish for number in numbers))
            self.model.forget(*numbers)
        self.check(siblings=False)

    @rule(pick=PICK, other=PICK)
    def finish_parent_and_child_at_once(self, pick: int, other: int) -> None:
        parents = [n for n in self.model.nodes if n not in self.fixed and self.model.children(n)]
        if parents:
            parent = parents[pick % len(parents)]
            children = self.model.children(parent)
            child = children[other % len(children)]
            self.at_once(self.essence(parent).finish, self.essence(child).finish)
            self.model.forget(child, parent)
        self.check(siblings=False)

    @rule(pick=PICK, on=PICK)
    def finish_while_another_thread_makes_a_child(self, pick: int, on: int) -> None:
        """The child is refused, or it ends with its context."""
        number = self.pick(pick, "part", "tonic", fixed=False)
        if number >= 0:
            above, catalyst = self.essence(number), self.fixed_catalyst(on)

            def make() -> None:
                with contextlib.suppress(RuntimeError):
                    above.bind(Worker, catalyst=catalyst)

            self.at_once(make, above.finish)
            self.model.forget(number)
            del above
        self.check(siblings=False)

    # -- looking ----------------------------------------------------------------------------------------------------

    def at_rest(self, look: Callable[[], None]) -> None:
        """Wait until nothing is queued anywhere and no sparkle runs; ``look`` while all catalysts stand still."""
        until = time.monotonic() + WAIT_S
        while not self.looked_at_rest(look, until):
            self.raise_problem()
            assert time.monotonic() < until, "it does not come to rest"

    def looked_at_rest(self, look: Callable[[], None], until: float) -> bool:
        catalysts = self.ledger.catalysts
        self.wait_for_all(catalysts, lambda catalyst, come: catalyst.ttsc__tell(come.set), until)
        may_go_on = threading.Event()
        try:
            self.wait_for_all(
                catalysts,
                lambda catalyst, come: catalyst.at_boundary(lambda: (come.set(), may_go_on.wait(WAIT_S))),
                until,
            )
            if len(catalysts) != len(self.ledger.catalysts) or not all(map(_is_idle, catalysts)):
                return False
            look()
            return True
        finally:
            may_go_on.set()

    def wait_for_all(self, catalysts: list[Any], ask: Callable[[Any, threading.Event], None], until: float) -> None:
        """Ask something of all catalysts, and wait until each has come to it or has ended."""
        asked = [(catalyst, threading.Event()) for catalyst in catalysts]
        for catalyst, come in asked:
            ask(catalyst, come)
        for catalyst, come in asked:
            while not (come.wait(0.01) or catalyst.id < 0):
                assert time.monotonic() < until, f"{catalyst} does not come to rest"

    def check(self, *, siblings: bool = True) -> None:
        self.at_rest(self.compare)
        stream.hand_over()
        ended = []
        for row in self.rows.all:
            if type(row) is Born:
                assert row.essence not in self.ended, "an id was used again"
            elif type(row) is Ended:
                ended.append(row.essence)
                self.ended.add(row.essence)
        self.rows.first = None
        self.rows.all.clear()
        self.model.check_order(ended, siblings=siblings and not self.model.catalyst_ended)
        for essence in self.ledger.essences:
            self.seen.setdefault(essence.id, weakref.ref(essence))
        for number in [number for number in self.seen if number not in self.model.nodes]:
            self.finished.append(self.seen.pop(number))

    def compare(self) -> None:
        """Everything that counts is as the model has it."""
        ledger, model = self.ledger, self.model
        essences = {essence.id: essence for essence in ledger.essences}
        assert sorted(essences) == sorted(model.nodes)
        assert [record["id"] for record in ledger.records] == [essence.id for essence in ledger.essences]
        for node in model.nodes.values():
            self.compare_one(essences[node.id], node)
        for name in NAMES:
            assert ledger.get_id_by_name(name) == model.oldest_named(name)
        for catalyst in ledger.catalysts:
            assert catalyst.living == len(model.on(catalyst.id))
            assert catalyst.ordinary == sum(node.counts for node in model.on(catalyst.id))
        assert ledger.ordinary == sum(node.counts for node in model.nodes.values())
        pending = sum(len(catalyst.timers) for catalyst in ledger.catalysts)
        assert pending == sum(node.is_pending for node in model.nodes.values())
        by_owner = self.app.store._subscriptions._by_owner.values()
        assert sum(map(len, by_owner)) == sum(node.subscriptions for node in model.nodes.values())

    def compare_one(self, essence: Any, node: Any) -> None:
        parent = -1 if node.parent is None else node.parent
        assert (-1 if essence.context is None else essence.context.id) == parent
        assert essence.my_record["context_id"] == parent
        used = [other.id for other in self.model.nodes.values() if node.id in other.users]
        assert sorted(essence.bindings) == sorted(self.model.children(node.id) + used)
        assert {user.id for user in essence.service_context} == node.users
        if node.name is None:
            assert self.ledger.get_id_by_name(essence.name) == node.id
        if node.service:
            assert self.ledger.get_service_essence(node.service) is essence
        if node.kind == "timer":
            assert essence.is_running == node.is_pending

    @precondition(lambda self: len(self.finished) > 20)
    @rule()
    def nothing_finished_is_kept_alive(self) -> None:
        self.at_rest(lambda: None)
        gc.collect()
        assert [ref() for ref in self.finished if ref() is not None] == []
        self.finished.clear()

    def teardown(self) -> None:
        try:
            self.app.finish()
            self.thread.join(WAIT_S)
            assert not self.thread.is_alive(), "the app does not end"
            self.raise_problem()
            assert self.ledger.essences == []
            assert self.ledger.ordinary == 0
        finally:
            stream.detach(self.rows)


def _hear_nothing(changes: list[Any]) -> None:
    """A subscriber that is a plain function."""


def _is_idle(catalyst: Any) -> bool:
    due_ns = catalyst.timers.next_due_ns()
    is_far = due_ns is None or due_ns - now_ns() > FAR_S / 2 * 1e9
    return is_far and not catalyst.errands and all(order is END_OF_BATCH for order in list(catalyst.orders))


TestTreeMachine = TreeMachine.TestCase
TestTreeMachine.settings = settings(
    max_examples=int(os.environ.get("TASKTONIC_RANDOM_TREES", "150")), stateful_step_count=40, deadline=None
)
