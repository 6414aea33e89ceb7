"""Heavy work that is refused where it is asked for."""

from __future__ import annotations

import gc
import inspect
import threading
import weakref
from typing import Any

import pytest

from tasktonic import ttTonic
from tests.helpers import heavy
from tests.helpers.apps import run_app
from tests.helpers.pool_askers import (
    refusal_of,
    run,
)


def test_function_that_cannot_be_pickled_is_refused_at_the_call() -> None:
    text = refusal_of(lambda asker: asker.ask(lambda: 1, where="process"))

    assert text.startswith("asker.offload(<lambda>): the function cannot be pickled for another process: ")
    assert text.endswith("It must be a def at the top level of a module, or a partial of one.")


def test_argument_that_cannot_be_pickled_is_refused_at_the_call() -> None:
    text = refusal_of(lambda asker: asker.ask(max, 1, threading.Lock(), where="process"))

    assert text == (
        "asker.offload(max): argument 2 (a lock) cannot be pickled for another process: cannot pickle '_thread.lock' object. "
        "Pass plain data, or use where='thread'."
    )


def test_essence_is_refused_as_an_argument_for_a_process() -> None:
    text = refusal_of(lambda asker: asker.ask(str, asker, where="process"))

    assert "argument 1 (a Asker) cannot be pickled for another process: asker: an essence cannot be pickled." in text


def test_argument_that_cannot_be_copied_is_refused_at_the_call() -> None:
    text = refusal_of(lambda asker: asker.ask(str, threading.Lock()))

    assert text == (
        "asker.offload(str): argument 1 (a lock) cannot be copied for the other thread: cannot pickle '_thread.lock' object. "
        "Pass plain data, or ttShared(value) to hand it over by reference on purpose."
    )


def test_wrong_arguments_are_refused_at_the_call() -> None:
    assert refusal_of(lambda asker: asker.ask(heavy.square)) == (
        "asker.offload(square): the arguments do not fit: missing a required argument: 'number'. "
        "Keyword arguments go into functools.partial."
    )


def test_function_without_report_is_refused_when_progress_is_wanted() -> None:
    assert refusal_of(lambda asker: asker.ask(heavy.square, 2, on_progress=asker.ttse__progress)) == (
        "asker.offload(square): the arguments do not fit: got an unexpected keyword argument 'report'. "
        "With on_progress it gets a keyword argument report: add it to the function."
    )


def test_function_with_report_is_refused_when_no_progress_is_wanted() -> None:
    assert refusal_of(lambda asker: asker.ask(heavy.counts_to, 2)) == (
        "asker.offload(counts_to): the arguments do not fit: missing a required argument: 'report'. "
        "It gets report when on_progress=… is given."
    )


def test_function_that_takes_any_number_of_arguments_gets_them() -> None:
    def total(first: int, *more: int, factor: int = 1) -> int:
        return (first + sum(more)) * factor

    asker = run(lambda asker: [asker.ask(total, 1), asker.ask(total, 1, 2, 3)], threads=1)

    assert asker.results == [1, 6]


def test_function_that_wants_a_keyword_argument_is_told_where_it_goes() -> None:
    def scaled(number: int, *, factor: int) -> int:
        return number * factor

    function: Any = scaled
    text = refusal_of(lambda asker: asker.offload(function, 7))

    with pytest.raises(TypeError, match="'factor'") as said:
        inspect.signature(scaled).bind(7)  # in the words of this version of Python
    assert text == (
        f"asker.offload(scaled): the arguments do not fit: {said.value}. Keyword arguments go into functools.partial."
    )


def test_function_that_is_offloaded_again_is_not_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[Any] = []
    signature = inspect.signature
    monkeypatch.setattr("inspect.signature", lambda function: (looked_at.append(function), signature(function))[1])

    def double(number: int) -> int:
        return 2 * number

    asker = run(lambda asker: [asker.ask(double, number) for number in range(3)], threads=1)

    assert asker.results == [0, 2, 4]
    assert looked_at.count(double) == 1


def test_function_that_was_offloaded_is_not_kept() -> None:
    def make() -> weakref.ref[Any]:
        def double(number: int) -> int:
            return 2 * number

        assert run(lambda asker: asker.ask(double, 4)).results == [8]
        return weakref.ref(double)

    kept = make()
    gc.collect()

    assert kept() is None


def test_what_is_no_function_is_refused() -> None:
    not_a_function: Any = 5

    assert refusal_of(lambda asker: asker.ask(not_a_function)) == (
        "asker.offload(int): 5 cannot be called. Pass the function, then its arguments."
    )


def test_coroutine_function_is_refused() -> None:
    assert refusal_of(lambda asker: asker.ask(heavy.is_a_coroutine)) == (
        "asker.offload(is_a_coroutine): it is a coroutine function; a pool runs plain functions (def) to their end."
    )


def test_plain_function_is_refused_as_a_callback() -> None:
    text = refusal_of(lambda asker: asker.offload(heavy.square, 2, on_result=print))

    assert text.startswith("asker.offload(square): on_result is ")
    assert "which is no sparkle of a tonic. Pass one, such as on_result=self.ttse__result;" in text


def test_unknown_place_is_refused() -> None:
    nowhere: Any = "moon"

    assert refusal_of(lambda asker: asker.ask(heavy.square, 2, where=nowhere)) == (
        "asker.offload(square): where='moon': there are 'thread' and 'process'."
    )


@pytest.mark.parametrize("name", ["threads", "processes", "queue"])
@pytest.mark.parametrize("value", [0, -1, "many", 2.5, True])
def test_setting_that_means_nothing_is_refused(name: str, value: Any) -> None:
    text = refusal_of(lambda asker: asker.ask(heavy.square, 2), **{name: value})

    assert text == f"tasktonic/pool/{name} = {value!r}: it must be a whole number, 1 or more."


def test_offload_before_init_is_refused() -> None:
    class Hasty(ttTonic):
        def __init__(self) -> None:
            self.offload(heavy.square, 2)

    with pytest.raises(RuntimeError, match=r"Hasty: offload was called before super\(\).__init__\(\) had run\."):
        run_app(Hasty)


def test_offload_after_the_app_is_refused() -> None:
    asker = run(lambda asker: asker.ask(heavy.square, 2))

    with pytest.raises(RuntimeError, match=r"asker\.offload\(square\): the app has ended, and with it its pool\."):
        asker.ask(heavy.square, 2)
