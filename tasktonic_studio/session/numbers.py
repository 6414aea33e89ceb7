"""Numbers out of descriptions, and how the numeric attributes of tonics went on while somebody looked at them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

MOST_POINTS: Final = 3_600
"""So many are remembered per attribute: an hour at one look a second."""
MOST_ATTRIBUTES: Final = 2_000


class Described(Protocol):
    """An attribute row of the protocol."""

    @property
    def name(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def preview(self) -> str: ...


def number_of(kind: str, text: str) -> float | None:
    """A value as a number, from its type and description; None when it is none, or one too long to be described whole."""
    if kind == "bool":
        return {"True": 1.0, "False": 0.0}.get(text)
    if kind not in ("int", "float"):
        return None
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


class AttributeNumbers:
    """Times and values of numeric attributes, by essence and name; shared by present and past of a session.

    They are known from answers, so only while somebody looked. An answer that is folded again is passed over by its number.
    """

    def __init__(self) -> None:
        self._points: dict[tuple[int, int, str], list[tuple[int, int, float]]] = {}

    def take(self, app: int, essence: int, n: int, t_ns: int, rows: Iterable[Described]) -> None:
        """Remember what an answer (event `n`) says."""
        for row in rows:
            number = number_of(row.type, row.preview)
            key = (app, essence, row.name)
            if number is None or (key not in self._points and len(self._points) >= MOST_ATTRIBUTES):
                continue
            points = self._points.setdefault(key, [])
            if not points or points[-1][0] < n:
                points.append((n, t_ns, number))
                if len(points) > MOST_POINTS:
                    del points[: MOST_POINTS // 10]

    def of(self, app: int, essence: int, name: str, n: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
        """Times and values of an attribute as known after the first `n` events; empty when it never was a number."""
        points = [point for point in self._points.get((app, essence, name), ()) if point[0] < n]
        return np.array([t_ns for _, t_ns, _ in points], np.int64), np.array(
            [value for *_, value in points], np.float64
        )
