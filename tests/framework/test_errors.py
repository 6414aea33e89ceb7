"""What is raised on purpose is a ``ttError``, and also the built-in kind that it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tasktonic import Store, ttError, ttEssence
from tasktonic.recorder import flight


def loosely(store: Any) -> Any:
    """The store as a program without a type checker knows it."""
    return store


@pytest.mark.parametrize(
    "slip, kind",
    [
        (lambda: ttEssence(context=99_999), ValueError),
        (lambda: loosely(Store()).get(7), TypeError),
        (lambda: loosely(Store()).set("lamp"), TypeError),
        (lambda: loosely(Store()).append(), TypeError),
        (lambda: loosely(Store()).subscribe("lamp", "not callable"), TypeError),
        (lambda: flight.start("x.ttt", on=("sunset",)), ValueError),
    ],
    ids=["context", "path", "set", "append", "subscribe", "flight"],
)
def test_a_slip_of_the_user_is_a_kind_of_our_errors(slip: Callable[[], Any], kind: type[Exception]) -> None:
    with pytest.raises(kind) as raised:
        slip()

    assert isinstance(raised.value, ttError)


def test_a_value_that_cannot_be_saved_is_a_kind_of_our_errors(tmp_path: Path) -> None:
    store = Store()
    store.set("lamp", object())

    with pytest.raises(TypeError) as raised:
        store.save(tmp_path / "store.json")

    assert isinstance(raised.value, ttError)
