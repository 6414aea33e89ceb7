"""A table of which copies are cheap: it says what a plain one would, and copies share what has not changed."""

from __future__ import annotations

import random

import pytest

from tasktonic_studio.session import history
from tasktonic_studio.session.layers import Layers
from tasktonic_studio.session.session import Session
from tests.helpers.builders import EventWriter

PATHS = 4_000
KEYFRAMES = 20


def test_a_table_in_layers_says_what_a_plain_one_says_and_so_does_each_copy() -> None:
    chance = random.Random(7)
    plain: dict[int, int] = {}
    table: Layers[int, int] = Layers()
    copies: list[tuple[dict[int, int], Layers[int, int]]] = []
    for number in range(3_000):
        key = chance.randrange(500)
        table.put(key, number, is_new=table.get(key) is None)
        plain[key] = number
        if not chance.randrange(20):
            copies.append((dict(plain), table.fork()))
    copies.append((plain, table))

    for expected, found in copies:
        assert {key: found.get(key) for key in found} == expected
        assert list(found) == list(expected)
        assert len(found) == len(expected)
        assert found.get(-1) is None


def test_a_copy_that_is_changed_changes_no_other() -> None:
    table: Layers[str, int] = Layers()
    table.put("there", 1, is_new=True)
    copy = table.fork()

    copy.put("there", 2, is_new=False)
    copy.put("new", 3, is_new=True)
    table.put("there", 4, is_new=False)

    assert (table.get("there"), table.get("new"), len(table)) == (4, None, 1)
    assert (copy.get("there"), copy.get("new"), len(copy)) == (2, 3, 2)


def test_keyframes_of_a_large_store_hold_what_changed_between_them_and_not_all_paths_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(history, "KEYFRAME_FACTS", 100)
    write, session = EventWriter(), Session()
    write.born("ttStore", "store", service="store")
    for number in range(PATHS):
        write.store(0, f"area {number // 100}/device {number % 100}", "0")
    session.apply_events(0, write.take())
    moments = []
    for frame in range(KEYFRAMES):
        for number in range(100):
            write.store(0, f"area 3/device {number}", str(frame))
        session.apply_events(session.live.n, write.take())
        moments.append((frame, session.live.n))

    tables = [keyframe.store._stores.get(0) for keyframe in session._history._keyframes]
    layers = {id(layer): layer for table in tables if table is not None for layer in (table._top, *table._below)}
    assert len(tables) > KEYFRAMES
    assert sum(map(len, layers.values())) < 2 * PATHS
    for frame, moment in moments:
        then = session.at(moment).store[0]
        assert then["area 3/device 7"].new == str(frame)
        assert then["area 9/device 7"].new == "0"
