"""Heavy work of an app that a distiller runs by hand."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import Any

import pytest

from tasktonic import ttDistiller, ttEssence, ttFormula, ttShared
from tests.helpers import heavy
from tests.helpers.pool_askers import (
    Asker,
    Where,
    both,
    run,
)


def distilled(begin: Callable[[Asker], object], **settings: Any) -> tuple[Asker, ttDistiller]:
    made: list[Any] = []

    class App(ttFormula):
        def creating_formula(self) -> dict[str, Any]:
            return {"tasktonic/log/to": "off", **settings}

        def creating_main_catalyst(self) -> None:
            made.append(ttDistiller())

        def creating_starting_tonics(self) -> None:
            made.append(Asker(begin))

    App()
    return made[1], made[0]


@both
def test_distiller_does_the_work_in_its_own_thread_and_in_no_time(where: Where) -> None:
    before = set(threading.enumerate())
    asker, distiller = distilled(lambda asker: asker.ask(heavy.where_it_ran, where=where))

    trace = distiller.sparkle()

    assert set(threading.enumerate()) == before
    assert asker.results == [(os.getpid(), "MainThread")]
    assert trace["end@"] == 0.0
    assert trace["status"] == "catalyst finished"


@both
def test_trace_has_the_same_rows_each_time(where: Where) -> None:
    def begin(asker: Asker) -> None:
        for number in range(5):
            asker.ask(heavy.counts_to, number, where=where, on_progress=asker.ttse__progress)

    traces = [distilled(begin)[1].sparkle()["sparkle_trace"] for _ in range(2)]

    assert traces[0] == traces[1]
    assert [row["sparkle"] for row in traces[0]].count("ttse__progress") == 10
    assert {row["source"] for row in traces[0] if row["sparkle"] == "ttse__got"} == {"pool counts_to"}


@both
def test_distiller_isolates_like_the_real_pool(where: Where) -> None:
    numbers = [1]
    asker, distiller = distilled(lambda asker: asker.ask(heavy.appends, numbers, where=where))

    distiller.sparkle()

    assert asker.results == [[1, 99]]
    assert numbers == [1]


@both
def test_error_under_a_distiller_comes_back_like_any(where: Where) -> None:
    asker, distiller = distilled(lambda asker: asker.ask(heavy.fails, "no", where=where))

    distiller.sparkle()

    assert str(asker.errors[0]) == "asker.fails('no') in state -- raised, asked for by asker.ttse__on_start"


def test_error_that_nobody_takes_is_raised_by_the_distiller(capfd: pytest.CaptureFixture[str]) -> None:
    _, distiller = distilled(lambda asker: asker.offload(heavy.fails, "no"))

    with pytest.raises(ValueError, match=r"^no$"):
        distiller.sparkle()
    distiller.finish_distiller()
    assert "raise ValueError(text)" in capfd.readouterr().err


def presses_ctrl_c() -> None:
    raise KeyboardInterrupt


@both
def test_ctrl_c_during_work_under_a_distiller_goes_through(where: Where) -> None:
    asker, distiller = distilled(lambda asker: asker.ask(presses_ctrl_c, where=where))

    with pytest.raises(KeyboardInterrupt):
        distiller.sparkle()
    distiller.finish_distiller()

    assert asker.heard == []


def test_shared_result_under_a_distiller_arrives_as_the_value() -> None:
    kept = [1]
    asker, distiller = distilled(lambda asker: asker.ask(lambda: ttShared(kept)))

    distiller.sparkle()

    assert asker.results[0] is kept


def test_work_of_a_tonic_that_finishes_is_not_done_under_a_distiller() -> None:
    ran: list[int] = []
    _, distiller = distilled(lambda asker: (asker.ask(ran.append, 1), asker.finish()))

    distiller.sparkle()

    assert ran == []


def test_bound_holds_under_a_distiller() -> None:
    texts = []

    def begin(asker: Asker) -> None:
        asker.ask(heavy.square, 1)
        with pytest.raises(RuntimeError) as raised:
            asker.ask(heavy.square, 2)
        asker.waits_for -= 1
        texts.append(str(raised.value))

    asker, distiller = distilled(begin, **{"tasktonic/pool/queue": 1})
    distiller.sparkle()

    assert texts[0].startswith("asker.offload(square): 1 pieces of work wait for a thread already")
    assert asker.results == [1]


def test_essence_passes_to_a_thread_by_reference() -> None:
    part = ttEssence(name="part")

    assert run(lambda asker: asker.ask(lambda essence: essence, part)).results == [part]
