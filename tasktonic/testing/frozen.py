"""Copies of what a trace shows, so that it stays as it was when it ran."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from ..crossing import ATOMS
from ..values import preview

_PLAIN = frozenset({dict, list, set, tuple})


def frozen(value: Any) -> Any:
    """A value as it is now: copied to the bottom, or described in words when it cannot be copied."""
    if value.__class__ in ATOMS:
        return value
    try:
        return copy.deepcopy(value)
    except Exception:  # whatever the copying of somebody's class raises
        return preview(value)


def frozen_arguments(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Arguments as they are now. Plain containers are copied; objects stay what they are, so that they compare as such."""
    if ATOMS.issuperset(map(type, args)) and not kwargs:
        return args, {}
    seen: dict[int, Any] = {}
    try:
        return tuple(_plain_copy(a, seen) for a in args), {name: _plain_copy(a, seen) for name, a in kwargs.items()}
    except RecursionError:  # lists in lists in lists: as they are is better than not at all
        return args, kwargs


def _plain_copy(value: Any, seen: dict[int, Any]) -> Any:
    kind = type(value)
    if kind not in _PLAIN:
        return value
    if id(value) in seen:
        return seen[id(value)]
    if kind is dict:
        made: dict[Any, Any] = {}
        seen[id(value)] = made
        made.update((key, _plain_copy(item, seen)) for key, item in value.items())
        return made
    if kind is list:
        items: list[Any] = []
        seen[id(value)] = items
        items.extend(_plain_copy(item, seen) for item in value)
        return items
    return kind(value) if kind is set else tuple(_plain_copy(item, seen) for item in value)


def frozen_probes(tonic: Any, names: Sequence[str]) -> dict[str, Any]:
    """The attributes of a tonic by name, as they are now; without those that it does not have."""
    found = {}
    for name in names:
        try:
            value = getattr(tonic, name)
        except AttributeError:
            continue
        except Exception as error:  # of a property of the user's
            value = f"<{name} raised {type(error).__name__}: {error}>"
        found[name] = frozen(value)
    return found
