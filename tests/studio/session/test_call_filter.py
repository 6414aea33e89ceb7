"""Which calls a filter lets through."""

from __future__ import annotations

import pytest

from tasktonic import events as ev
from tasktonic_studio.session.call_filter import CallFilter
from tasktonic_studio.session.calls import Hooks, calls_of, last_calls
from tests.helpers.builders import MS
from tests.studio.session.test_call_chain import Talk


@pytest.fixture
def talk() -> Talk:
    """Five calls: a timer starts the boss, who asks two clerks; one fails, one is ignored, one still waits."""
    talk = Talk(0)
    talk.cls("Clerk", ("idle", "working"))
    boss = talk.born("Boss", "boss", catalyst=0)
    ann, bob = (talk.born("Clerk", name, catalyst=0, state="idle") for name in ("ann", "bob"))
    start = talk.run(boss, "ttse__on_start", talk.order(boss, "ttse__on_start", cause="timer"), took_ns=8 * MS)
    work = talk.order(ann, "ttsc__work", boss, start)
    talk.wait(3 * MS)
    talk.run(ann, "ttsc__work", work, to="working")
    talk.run(bob, "ttsc__work", talk.order(bob, "ttsc__work", boss, start), flags=ev.ERROR)
    talk.run(boss, "ttse__on_done", talk.order(boss, "ttse__on_done", ann, work), flags=ev.IGNORED)
    talk.order(bob, "ttsc__rest", boss, start)
    return talk


@pytest.mark.parametrize(
    "text, found",
    [
        ("", [0, 1, 2, 3, 4]),
        ("work", [1, 2]),
        ("clerk", [1, 2, 4]),
        ("ann", [1, 3]),
        ("tonic:ann", [1, 3]),
        ("from:ann", [3]),
        ("to:ann", [1]),
        ("from:timer", [0]),
        ("type:boss", [0, 3]),
        ("sparkle:on_", [0, 3]),
        ("cat:main", [0, 1, 2, 3, 4]),
        ("cat:other", []),
        ("state:work", [1]),
        ("state:idle", [1, 2]),
        ("error:", [2]),
        ("ignored:", [3]),
        ("waiting:", [4]),
        ("longer:5ms", [0]),
        ("waited:2ms", [1]),
        ("-tonic:boss", []),
        ("to:bob -error:", [4]),
    ],
)
def test_a_filter_finds(talk: Talk, text: str, found: list[int]) -> None:
    known = talk.tell().live
    hooks = Hooks()
    hooks.take(known)

    calls = CallFilter(text).only(known, calls_of(known, last_calls(known, 99), hooks))

    assert (calls.order - 1).tolist() == found


def test_a_call_without_its_parent_has_none(talk: Talk) -> None:
    known = talk.tell().live

    calls = CallFilter("-from:timer").only(known, calls_of(known, last_calls(known, 99), Hooks()))

    assert calls.parent.tolist() == [-1, -1, 0, -1]


def test_a_word_that_is_no_filter_is_named() -> None:
    assert CallFilter("fro:x").problem.startswith("There is no filter 'fro:'. Did you mean 'from:'?")
    assert (
        CallFilter("longer:x").problem == "'longer:' wants a time such as 'longer:5ms', 'longer:20us' or 'longer:1s'."
    )
    assert not CallFilter("longer:x")


def test_nothing_is_filtered_into_nothing() -> None:
    known = Talk(0).tell().live

    assert len(CallFilter("x").only(known, calls_of(known, last_calls(known, 9), Hooks()))) == 0
