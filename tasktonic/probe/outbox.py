"""Blocks that wait until the studio can take them: a ring that keeps facts and gives up flow."""

from __future__ import annotations

from collections import deque
from typing import Final

from tasktonic.blocks.thinning import has_flow, is_empty, joined_gaps, without_flow

RING_BYTES: Final = 8 * 1024 * 1024
FACTS_BYTES: Final = 64 * 1024 * 1024


class Outbox:
    """The blocks for one studio, oldest first. Owned by its connection; only the probe's thread touches it.

    When more than ``ring_bytes`` wait, the flow of the oldest blocks is left out and counted. Facts are kept, up to
    ``facts_bytes``: a studio that takes nothing for so long is better off with a new snapshot (``is_full``).
    """

    def __init__(self, ring_bytes: int = RING_BYTES, facts_bytes: int = FACTS_BYTES) -> None:
        self.lost_orders = 0
        self.lost_runs = 0
        self._ring_bytes = ring_bytes
        self._facts_bytes = facts_bytes
        # All of `_thinned` is older than all of `_whole`.
        self._thinned: deque[bytes] = deque()
        self._whole: deque[bytes] = deque()
        self._thinned_bytes = 0
        self._whole_bytes = 0

    def __len__(self) -> int:
        return len(self._thinned) + len(self._whole)

    @property
    def fill(self) -> float:
        """How full the ring is, 0 to 1."""
        return min(1.0, self._whole_bytes / self._ring_bytes)

    @property
    def is_full(self) -> bool:
        """Whether even the facts are too many."""
        return self._thinned_bytes + self._whole_bytes > self._facts_bytes + self._ring_bytes

    def put(self, block: bytes) -> None:
        """Add a block; makes room by leaving out flow."""
        self._whole.append(block)
        self._whole_bytes += len(block)
        while self._whole_bytes > self._ring_bytes:
            oldest = self._whole.popleft()
            self._whole_bytes -= len(oldest)
            self._keep_facts_of(oldest)

    def take(self) -> bytes:
        """The oldest block. Raises IndexError when there is none."""
        if self._thinned:
            block = self._thinned.popleft()
            self._thinned_bytes -= len(block)
        else:
            block = self._whole.popleft()
            self._whole_bytes -= len(block)
        return block

    def _keep_facts_of(self, block: bytes) -> None:
        if has_flow(block):
            block, orders, runs = without_flow(block)
            self.lost_orders += orders
            self.lost_runs += runs
        if is_empty(block):
            return
        if self._thinned and (joined := joined_gaps(self._thinned[-1], block)) is not None:
            self._thinned_bytes -= len(self._thinned.pop())
            block = joined
        self._thinned.append(block)
        self._thinned_bytes += len(block)
