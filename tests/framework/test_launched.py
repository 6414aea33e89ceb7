"""What a studio says to the process it launches is for that process only."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tasktonic import launched

ENVIRONMENT = {
    "TASKTONIC_STUDIO": "connect",
    "TASKTONIC_STUDIO_ADDRESS": "unix:/run/x.sock",
    "TASKTONIC_STUDIO_TOKEN": "x",
    "TASKTONIC_STUDIO_DISTIL": "seed=1 clock=auto",
}


@pytest.fixture(autouse=True)
def _nothing_said() -> Iterator[None]:
    yield
    for name in ENVIRONMENT:
        launched.said(name)


def _set(monkeypatch: pytest.MonkeyPatch, **others: str) -> None:
    for name, value in {**ENVIRONMENT, **others}.items():
        monkeypatch.setenv(name, value)


def test_what_a_launched_process_starts_before_its_formula_inherits_nothing_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _set(monkeypatch)

    launched.take()

    assert [name for name in os.environ if name in ENVIRONMENT] == []
    assert (launched.said("TASKTONIC_STUDIO_TOKEN"), launched.said("TASKTONIC_STUDIO_TOKEN")) == ("x", "")


def test_who_wants_to_be_attached_to_leaves_that_to_its_children_too(monkeypatch: pytest.MonkeyPatch) -> None:
    _set(monkeypatch, TASKTONIC_STUDIO="1")

    launched.take()

    assert os.environ["TASKTONIC_STUDIO"] == "1"
    assert not launched.is_said("TASKTONIC_STUDIO")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_forked_child_is_an_app_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    _set(monkeypatch)
    launched.take()

    child = os.fork()
    if not child:
        os._exit(int(launched.is_said("TASKTONIC_STUDIO_TOKEN")))

    assert os.waitpid(child, 0)[1] == 0
    assert launched.is_said("TASKTONIC_STUDIO_TOKEN")
