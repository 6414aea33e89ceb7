"""Subscriptions against a model that looks at every subscription and every path each time."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tasktonic.store import Store

KEYS = ("a", "b", "#0")
PATHS = st.lists(st.sampled_from(KEYS), min_size=1, max_size=4).map("/".join)
PATTERNS = st.lists(st.sampled_from([*KEYS, "*", "**"]), min_size=1, max_size=3).map("/".join)
SOURCES = st.sampled_from([None, "me", "you"])


@dataclass
class Hearer:
    """One subscription: what was wished, and what came."""

    patterns: list[str]
    is_recursive: bool
    exclude: str | None
    ignore_source: str | None
    heard: list[list[Any]] = field(default_factory=list)

    def matched(self, path: str) -> bool:
        """Whether it should hear of this path; what is excluded lies below the highest node that a pattern fits."""
        segments = path.split("/")
        lengths = [
            length
            for length in range(len(segments) + 1)
            if any(fits(pattern.split("/"), segments[:length]) for pattern in self.patterns)
        ]
        if not self.is_recursive:
            return len(segments) in lengths
        return bool(lengths) and (self.exclude is None or segments[lengths[0] :][:1] != [self.exclude])


def fits(pattern: list[str], segments: list[str]) -> bool:
    """Whether a pattern is the name of this node."""
    if not pattern:
        return not segments
    if pattern[0] == "**":
        return fits(pattern[1:], segments) or (bool(segments) and fits(pattern, segments[1:]))
    return bool(segments) and pattern[0] in ("*", segments[0]) and fits(pattern[1:], segments[1:])


HEARERS = st.builds(
    Hearer,
    st.lists(PATTERNS, min_size=1, max_size=2),
    st.booleans(),
    st.sampled_from([None, *KEYS]),
    st.sampled_from([None, "me"]),
)
WRITES = st.lists(st.tuples(PATHS, st.integers(0, 2), SOURCES), min_size=1, max_size=4)
REMOVE = 0


def write(store: Store, path: str, value: int) -> None:
    if value == REMOVE:
        store.remove(path)
    else:
        store.set(path, value)


def write_to_model(model: dict[str, int], path: str, value: int) -> list[str]:
    """Returns the paths that were written."""
    if value != REMOVE:
        model[path] = value
        return [path]
    gone = [each for each in model if each == path or each.startswith(path + "/")]
    for each in gone:
        del model[each]
    return gone


@settings(max_examples=200)
@given(hearers=st.lists(HEARERS, min_size=1, max_size=5), rounds=st.lists(st.tuples(st.booleans(), WRITES), max_size=8))
def test_everybody_hears_what_the_model_says(
    hearers: list[Hearer], rounds: list[tuple[bool, list[tuple[str, int, str | None]]]]
) -> None:
    store, model = Store(), dict[str, int]()
    for hearer in hearers:
        store.subscribe(
            hearer.patterns,
            hearer.heard.append,
            recursive=hearer.is_recursive,
            exclude=hearer.exclude,
            ignore_source=hearer.ignore_source,
        )

    for in_group, writes in rounds:
        for part in [writes] if in_group else [[each] for each in writes]:
            before, sources = dict(model), dict[str, str | None]()
            with ExitStack() as stack:
                if in_group:
                    stack.enter_context(store.group())
                for path, value, source in part:
                    with store.source(source):
                        write(store, path, value)
                    sources.update(dict.fromkeys(write_to_model(model, path, value), source))
            expected = {
                path: (path, model.get(path), before.get(path), source)
                for path, source in sources.items()
                if model.get(path) != before.get(path)
            }
            for hearer in hearers:
                wanted = [
                    entry
                    for path, entry in expected.items()
                    if hearer.matched(path) and (hearer.ignore_source is None or entry[3] != hearer.ignore_source)
                ]
                heard = hearer.heard.pop() if wanted else []
                assert sorted(heard, key=str) == sorted(wanted, key=str)
                assert hearer.heard == []
    assert dict(store.dump()) == model


@settings(max_examples=100)
@given(hearer=HEARERS, held=st.dictionaries(PATHS, st.integers(1, 2), max_size=6))
def test_who_wants_it_now_hears_what_is_there(hearer: Hearer, held: dict[str, int]) -> None:
    store = Store()
    store.set(held)

    store.subscribe(
        hearer.patterns,
        hearer.heard.append,
        recursive=hearer.is_recursive,
        exclude=hearer.exclude,
        trigger_now=True,
    )

    wanted = [(path, value, None, "init") for path, value in held.items() if hearer.matched(path)]
    assert sorted((entry for delivery in hearer.heard for entry in delivery), key=str) == sorted(wanted, key=str)
    assert len(hearer.heard) == bool(wanted)
