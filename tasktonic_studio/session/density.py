"""How much happened when, over the whole of an app's time: a histogram that grows with time and never with what happens."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

BUCKETS: Final = 4_096
"""More than a screen has pixels."""
_NARROWEST_NS: Final = 65_536

Counts = npt.NDArray[np.int64]


class Density:
    """Runs and errors per stretch of time. Stretches double in length whenever time outgrows them; so do they to the left,
    when something earlier than everything else arrives.

    Taking rows costs by these rows, asking costs by the number of pixels.
    """

    def __init__(self) -> None:
        self._from_ns = 0
        self._bucket_ns = _NARROWEST_NS
        self._runs: Counts = np.zeros(BUCKETS, np.int64)
        self._errors: Counts = np.zeros(BUCKETS, np.int64)
        self.first_ns: int | None = None
        """The earliest time taken, None for none."""
        self.last_ns = 0

    def take(self, t_ns: npt.NDArray[np.int64], errors: npt.NDArray[np.bool_]) -> None:
        """Count these moments."""
        if not len(t_ns):
            return
        least, most = int(t_ns.min()), int(t_ns.max())
        if self.first_ns is None:
            self._from_ns = least
            self.first_ns, self.last_ns = least, most
        self.first_ns, self.last_ns = min(self.first_ns, least), max(self.last_ns, most)
        while most >= self._from_ns + BUCKETS * self._bucket_ns:
            self._double(to_the_left=False)
        while least < self._from_ns:
            self._double(to_the_left=True)
        buckets = (t_ns - self._from_ns) // self._bucket_ns
        self._runs += np.bincount(buckets, minlength=BUCKETS)
        if bool(errors.any()):
            self._errors += np.bincount(buckets[errors], minlength=BUCKETS)

    def _double(self, *, to_the_left: bool) -> None:
        for name in ("_runs", "_errors"):
            pairs = getattr(self, name).reshape(-1, 2).sum(axis=1)
            nothing = np.zeros(BUCKETS // 2, np.int64)
            setattr(self, name, np.concatenate([nothing, pairs] if to_the_left else [pairs, nothing]))
        if to_the_left:
            self._from_ns -= BUCKETS * self._bucket_ns
        self._bucket_ns *= 2

    def over(self, from_ns: int, until_ns: int, pixels: int) -> tuple[npt.NDArray[np.float64], Counts]:
        """(runs, errors) per pixel of this time.

        A bucket that spans several pixels is shared among them; an error is shown where its bucket begins, whole.
        """
        pixel_ns = max((until_ns - from_ns) / max(pixels, 1), 1e-9)
        edges = from_ns + pixel_ns * np.arange(pixels + 1)
        places = np.clip((edges - self._from_ns) / self._bucket_ns, 0, BUCKETS)
        sums = np.concatenate([[0], np.cumsum(self._runs)])
        runs = np.diff(np.interp(places, np.arange(BUCKETS + 1), sums))
        errors = np.zeros(pixels, np.int64)
        failed = np.flatnonzero(self._errors)
        if failed.size:
            at = ((self._from_ns + failed * self._bucket_ns - from_ns) / pixel_ns).astype(np.int64)
            # The first bucket may begin a little before the first pixel.
            at = np.where((at < 0) & ((failed + 1) * self._bucket_ns + self._from_ns > from_ns), 0, at)
            inside = (at >= 0) & (at < pixels)
            np.add.at(errors, at[inside], self._errors[failed[inside]])
        return runs, errors
