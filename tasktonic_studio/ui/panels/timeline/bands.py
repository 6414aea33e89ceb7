"""A lane with more runs than pixels: a column per pixel, as high as it was busy, as strong as there were many. Pure numpy."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from tasktonic_studio.session.sorted_runs import Strip

LEAST_PX: Final = 2
"""Where anything ran at all, this much is to be seen."""
_MANY: Final = 10_000.0
"""So many runs in one pixel have the strongest shade, in any picture alike."""

Pixels = npt.NDArray[np.uint32]


def band(strip: Strip, ns_per_px: float, height: int, shades: Pixels, error_argb: int) -> Pixels:
    """The pixels (``height`` rows, a column per pixel of the strip) as ARGB numbers; 0 where nothing is.

    A column in which a sparkle raised has the error's colour from top to bottom, and its neighbour too: alone it would be
    thinner than a hair. Where nothing took any time (virtual clocks stand still meanwhile) a column is as high as there were
    many, by orders of magnitude.
    """
    if strip.busy_ns.any():
        busy = np.minimum(strip.busy_ns / max(ns_per_px, 1e-9), 1.0)
    else:
        busy = np.log1p(strip.counts) / max(float(np.log1p(strip.counts.max(initial=1))), 1.0)
    something = (strip.counts > 0) | (strip.busy_ns > 0)
    levels = np.where(something, np.maximum(np.round(busy * height), LEAST_PX), 0)
    strength = np.log1p(strip.counts) / np.log1p(_MANY)
    colours = shades[np.minimum(strength * (len(shades) - 1), len(shades) - 1).astype(np.int64)]
    failed = strip.errors > 0
    if bool(failed.any()):
        failed = failed.copy()
        failed[1:] |= strip.errors[:-1] > 0
        levels = np.where(failed, height, levels)
        colours = np.where(failed, np.uint32(error_argb), colours)
    from_below = np.arange(height, 0, -1)[:, np.newaxis]
    return np.where(from_below <= levels[np.newaxis, :], colours[np.newaxis, :], np.uint32(0))


def error_marks(strip: Strip, apart_px: int) -> list[int]:
    """The pixels above which a mark says that something raised, not nearer to each other than this."""
    marks: list[int] = []
    for pixel in np.flatnonzero(strip.errors).tolist():
        if not marks or pixel - marks[-1] >= apart_px:
            marks.append(pixel)
    return marks
