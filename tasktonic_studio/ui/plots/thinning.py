"""Fewer points for a plot, with every peak still in it. Pure arithmetic, no Qt."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Values = npt.NDArray[Any]


def thin(times_ns: Ints, values: Values, width_px: int) -> tuple[Ints, Values]:
    """Reduce a series to what a plot of this width can show: least and most per pixel.

    Args:
        times_ns: int64[n], ascending.
        values: as many numbers.
        width_px: at most two points per pixel remain.

    Returns:
        Times and values, at most 2 * width_px of them. The same arrays when they are short enough already. A thinned
        time is that of the first point of its pixel.

    Raises:
        ValueError: the arrays differ in length.
    """
    count = len(times_ns)
    if count != len(values):
        raise ValueError(f"{count} times and {len(values)} values make no series: there must be as many of both.")
    width = max(int(width_px), 1)
    if count <= 2 * width:
        return times_ns, values
    span = max(int(times_ns[-1] - times_ns[0]), 1)
    # A whole number of nanoseconds per pixel, rounded up, so that no more than `width` pixels are filled.
    pixels = (times_ns - times_ns[0]) // (span // width + 1)
    starts = np.flatnonzero(np.diff(pixels, prepend=-1))
    least, most = np.minimum.reduceat(values, starts), np.maximum.reduceat(values, starts)
    falls = values[starts] > (least + most) / 2
    thinned = np.empty(2 * len(starts), values.dtype)
    # The nearer one first, so that a line that rises or falls slowly does not zigzag.
    thinned[0::2] = np.where(falls, most, least)
    thinned[1::2] = np.where(falls, least, most)
    return np.repeat(times_ns[starts], 2), thinned


def window(times_ns: Ints, from_ns: int, until_ns: int) -> slice:
    """Which points a plot of this stretch of time needs: those within, and one more at each side to draw towards."""
    first = int(np.searchsorted(times_ns, from_ns, "left"))
    last = int(np.searchsorted(times_ns, until_ns, "right"))
    return slice(max(first - 1, 0), min(last + 1, len(times_ns)))


def round_top(most: float) -> float:
    """The end of an axis for values up to this: 1, 2 or 5 times a power of ten, so that it seldom moves."""
    if most <= 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(most))
    return float(next(step * power for step in (1, 2, 5, 10) if step * power >= most * 0.999))
