from __future__ import annotations

import asyncio
import gc
import threading
from typing import Any

import pytest

from tasktonic import ttCatalyst, ttEssence, ttTonic
from tasktonic.errors import ttArgumentError, ttRunningError
from tasktonic.net import ttAsyncioCatalyst, ttAsyncTonic, ttTcpClient, ttTcpServer, ttUdp
from tests.helpers.apps import in_thread, run_app


async def soon(value: Any) -> Any:
    await asyncio.sleep(0)
    return value


async def failing() -> None:
    await asyncio.sleep(0)
    raise ValueError("no luck")


class Asking(ttAsyncTonic):
    """Notes what it hears, and ends with the first answer."""

    heard: list[Any]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.heard = []

    def ttse__got(self, value: Any) -> None:
        self.heard.append(value)
        self.finish()

    def ttse__failed(self, error: Any) -> None:
        self.heard.append(error)
        self.finish()

    def ttse__on_error(self, error: Any) -> None:
        self.heard.append(("on_error", error.sparkle, error.exception))
        self.finish()


def heard(run_net_app: Any, cls: Any) -> list[Any]:
    made: list[Any] = []
    run_net_app(lambda: made.append(cls()))
    return list(made[0].heard)


def test_result_comes_as_a_sparkle(run_net_app: Any) -> None:
    class Looking(Asking):
        def ttse__on_start(self) -> None:
            self.run_coroutine(soon(42), on_result=self.ttse__got, on_error=self.ttse__failed)

    assert heard(run_net_app, Looking) == [42]


def test_error_comes_as_a_sparkle(run_net_app: Any) -> None:
    class Looking(Asking):
        def ttse__on_start(self) -> None:
            self.run_coroutine(failing(), on_result=self.ttse__got, on_error=self.ttse__failed)

    (error,) = heard(run_net_app, Looking)

    assert repr(error) == "ValueError('no luck')"


def test_error_that_nobody_asked_for_goes_the_way_of_every_error(run_net_app: Any) -> None:
    class Looking(Asking):
        def ttse__on_start(self) -> None:
            self.run_coroutine(failing())

    ((kind, sparkle, error),) = heard(run_net_app, Looking)

    assert (kind, sparkle, repr(error)) == ("on_error", "coroutine failing", "ValueError('no luck')")


def test_result_may_go_to_a_tonic_of_another_thread(run_net_app: Any) -> None:
    seen: list[Any] = []

    class Other(ttTonic):
        def ttse__got(self, value: Any) -> None:
            seen.append((value, threading.current_thread().name))
            self.finish()

    class Looking(ttAsyncTonic):
        def ttse__on_start(self) -> None:
            other = self.bind(Other, name="other", catalyst=ttCatalyst(name="side"))
            self.run_coroutine(soon([1]), on_result=other.ttse__got)

        def ttse__on_other_finished(self) -> None:
            self.finish()

    run_net_app(Looking)

    assert seen == [([1], "side")]


def test_what_is_no_coroutine_but_can_be_awaited_runs_as_well(run_net_app: Any) -> None:
    class Looking(Asking):
        def ttse__on_start(self) -> None:
            future = self.catalyst.loop.create_future()
            self.run_coroutine(future, on_result=self.ttse__got)
            future.set_result("a future's")

    assert heard(run_net_app, Looking) == ["a future's"]


def test_function_in_the_place_of_its_call_is_refused(run_net_app: Any) -> None:
    class Looking(Asking):
        def ttse__on_start(self) -> None:
            with pytest.raises(ttArgumentError, match=r"cannot be awaited. Pass what the call of an 'async def' gives"):
                self.run_coroutine(failing)  # type: ignore[arg-type]
            self.finish()

    assert heard(run_net_app, Looking) == []


def test_coroutine_runs_between_sparkles_in_their_thread(run_net_app: Any) -> None:
    seen: list[Any] = []

    async def look() -> None:
        seen.append(("coroutine", threading.get_ident()))

    class Looking(Asking):
        def ttse__on_start(self) -> None:
            self.run_coroutine(look(), on_result=self.ttse__got)
            seen.append(("sparkle", threading.get_ident()))

    heard(run_net_app, Looking)

    assert seen == [("sparkle", threading.get_ident()), ("coroutine", threading.get_ident())]


def test_what_a_coroutine_creates_is_a_child_of_its_tonic(run_net_app: Any) -> None:
    class Looking(Asking):
        def ttse__on_start(self) -> None:
            self.run_coroutine(self.look(), on_result=self.ttse__got)

        async def look(self) -> Any:
            await asyncio.sleep(0)
            return ttEssence(name="found").context is self

    assert heard(run_net_app, Looking) == [True]


def test_state_asked_for_in_a_coroutine_is_entered(run_net_app: Any) -> None:
    class Looking(Asking):
        def ttse__on_start(self) -> None:
            self.run_coroutine(self.look())

        async def look(self) -> None:
            self.to_state("found")

        def ttse_found__on_enter(self) -> None:
            self.heard.append(self.get_current_state_name())
            self.finish()

    assert heard(run_net_app, Looking) == ["found"]


# -- ends -----------------------------------------------------------------------------------------------------------------


def test_coroutine_is_cancelled_when_its_tonic_finishes(run_net_app: Any) -> None:
    seen: list[str] = []

    async def wait_for_ever() -> None:
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            seen.append("cancelled")

    class Looking(ttAsyncTonic):
        def ttse__on_start(self) -> None:
            self.run_coroutine(wait_for_ever(), on_result=self.ttse__never, on_error=self.ttse__never)
            self.run_coroutine(soon(1), on_result=self.ttse__got)

        def ttse__got(self, value: Any) -> None:
            self.finish()

        def ttse__never(self, value: Any) -> None:
            seen.append("heard")

    run_net_app(Looking)

    assert seen == ["cancelled"]


def test_coroutine_is_cancelled_while_its_catalyst_goes_on(run_net_app: Any) -> None:
    seen: list[str] = []

    class Looking(ttAsyncTonic):
        def ttse__on_start(self) -> None:
            self.run_coroutine(self.wait_for_ever())
            self.context.ttsc__started()  # type: ignore[union-attr]

        async def wait_for_ever(self) -> None:
            boss = self.context
            try:
                await asyncio.get_running_loop().create_future()
            finally:
                seen.append("cancelled")
                boss.ttsc__end()  # type: ignore[union-attr]

    class Boss(ttTonic):
        def ttse__on_start(self) -> None:
            self.bind(Looking, name="looking")

        def ttsc__started(self) -> None:
            # The coroutine runs its first step now, between two sparkles.
            self.catalyst.loop.call_soon(self.ttsc__finish_it)

        def ttsc__finish_it(self) -> None:
            self.ledger.get_essence_by_name("looking").finish()

        def ttsc__end(self) -> None:
            self.finish()

    run_net_app(Boss)

    assert seen == ["cancelled"]


def test_task_may_be_cancelled_and_then_nobody_hears_of_it(run_net_app: Any) -> None:
    class Looking(Asking):
        def ttse__on_start(self) -> None:
            task = self.run_coroutine(soon(1), on_result=self.ttse__got, on_error=self.ttse__failed)
            task.cancel()
            task.add_done_callback(lambda _: self.ttse__got("cancelled"))

    assert heard(run_net_app, Looking) == ["cancelled"]


def test_error_after_the_tonic_has_gone_is_said(run_net_app: Any, capsys: pytest.CaptureFixture[str]) -> None:
    async def fails_at_the_end() -> None:
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            raise ValueError("too late")

    class Looking(ttAsyncTonic):
        def ttse__on_start(self) -> None:
            self.run_coroutine(fails_at_the_end(), on_error=self.ttse__failed)
            self.run_coroutine(soon(1), on_result=self.ttse__got)

        def ttse__got(self, value: Any) -> None:
            self.finish()

        def ttse__failed(self, error: Any) -> None: ...

    run_net_app(Looking)

    err = capsys.readouterr().err
    assert "coroutine fails_at_the_end" in err
    assert "ValueError: too late" in err


def test_coroutine_that_does_not_end_when_cancelled_is_named(
    run_net_app: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tasktonic.net.driver.LAST_WORDS_S", 0.05)

    async def clinging() -> None:
        while True:
            try:
                await asyncio.get_running_loop().create_future()
            except asyncio.CancelledError:
                continue

    class Looking(ttAsyncTonic):
        def ttse__on_start(self) -> None:
            self.run_coroutine(clinging())
            self.run_coroutine(soon(1), on_result=self.ttse__got)

        def ttse__got(self, value: Any) -> None:
            self.finish()

    assert run_net_app(Looking).ledger.essences == []
    gc.collect()

    assert "clinging did not end within 0.05 s after being cancelled" in capsys.readouterr().err


def test_exit_in_a_coroutine_does_not_end_the_app(run_net_app: Any, capsys: pytest.CaptureFixture[str]) -> None:
    async def leaving() -> None:
        raise SystemExit("no more")

    class Looking(Asking):
        def ttse__on_start(self) -> None:
            self.run_coroutine(leaving(), on_error=self.ttse__failed)

    (error,) = heard(run_net_app, Looking)

    assert repr(error) == "SystemExit('no more')"
    assert "SystemExit: no more" in capsys.readouterr().err


def test_result_that_fits_no_handler_is_an_error(run_net_app: Any) -> None:
    class Looking(Asking):
        def ttse__on_start(self) -> None:
            self.run_coroutine(soon(1), on_result=self.ttse__nothing)  # type: ignore[arg-type]

        def ttse__nothing(self) -> None: ...

    ((_, sparkle, error),) = heard(run_net_app, Looking)

    assert sparkle == "coroutine soon"
    assert isinstance(error, TypeError)


# -- where it cannot be -----------------------------------------------------------------------------------------------------


def test_tonic_on_a_plain_catalyst_is_refused() -> None:
    with pytest.raises(
        ttRunningError, match="asker: a ttAsyncTonic needs an asyncio loop, and its catalyst main_catalyst has"
    ):
        run_app(lambda: ttAsyncTonic(name="asker"))


def test_coroutine_from_another_thread_is_refused(run_net_app: Any) -> None:
    seen: list[str] = []

    class Looking(ttAsyncTonic):
        def ttse__on_start(self) -> None:
            self.helper = in_thread(self.work)

        def work(self) -> None:
            try:
                self.run_coroutine(soon(1))
            except ttRunningError as error:
                seen.append(str(error))
            self.finish()

    run_net_app(lambda: Looking(name="asker"))

    assert seen == [
        "asker.run_coroutine: only in the thread of its catalyst main_catalyst: call a sparkle from here that does it."
    ]


def test_coroutine_of_a_tonic_that_is_ending_is_refused(run_net_app: Any) -> None:
    seen: list[str] = []

    class Looking(ttAsyncTonic):
        def ttse__on_start(self) -> None:
            self.finish()

        def ttse__on_finished(self) -> None:
            try:
                self.run_coroutine(soon(1))
            except ttRunningError as error:
                seen.append(str(error))

    run_net_app(lambda: Looking(name="asker"))

    assert seen == ["asker.run_coroutine: it has finished, and what it runs ends with it."]


def test_coroutines_that_have_ended_are_not_kept(run_net_app: Any) -> None:
    seen: list[int] = []

    class Looking(ttAsyncTonic):
        left = 100

        def ttse__on_start(self) -> None:
            self.run_coroutine(soon(1), on_result=self.ttse__got)

        def ttse__got(self, value: int) -> None:
            self.left -= 1
            if self.left:
                self.run_coroutine(soon(1), on_result=self.ttse__got)
            else:
                seen.append(len(self._tt_tasks or ()) + len(self._tt_undos or ()))
                self.finish()

    run_net_app(Looking)

    assert seen == [1]


def test_two_asyncio_catalysts_have_a_loop_each(loop_name: str) -> None:
    loops: list[Any] = []

    class Looking(ttAsyncTonic):
        def ttse__on_start(self) -> None:
            self.run_coroutine(self.look(), on_result=self.ttse__got)

        async def look(self) -> None:
            loops.append(asyncio.get_running_loop())

        def ttse__got(self, nothing: None) -> None:
            self.finish()

    class Boss(ttTonic):
        left = 2

        def ttse__on_start(self) -> None:
            for _ in range(2):
                self.bind(Looking, catalyst=ttAsyncioCatalyst(loop=loop_name))

        def binding_finished(self, essence_id: int) -> None:
            if not any(isinstance(e, Looking) for e in self.ledger.essences):
                self.finish()

    run_app(Boss)

    assert len(set(map(id, loops))) == 2


@pytest.mark.parametrize("kind", [ttTcpServer, ttTcpClient, ttUdp])
def test_what_is_on_the_network_is_refused_on_a_plain_catalyst(kind: Any) -> None:
    seen: list[str] = []

    class Starting(ttTonic):
        def ttse__on_start(self) -> None:
            try:
                kind(**({"host": "127.0.0.1", "port": 1} if kind is ttTcpClient else {}), name="net")
            except ttRunningError as error:
                seen.append(str(error))
            self.finish()

    run_app(Starting)

    assert seen[0].startswith(f"net: a {kind.__name__} needs an asyncio loop, and its catalyst main_catalyst has none.")
