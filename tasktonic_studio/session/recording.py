"""How it stands with keeping the watched run: what is recorded, what could be saved. Plain data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RecordingState:
    """Told by the recording service whenever it changes, and once a second while a run is recorded.

    Attributes:
        file: the file that is being written; empty when none is.
        began_s: when that began, by the monotonic clock.
        size: bytes in it so far.
        left_out: runs and orders that are not in it, because the disk was too slow.
        can_save: whether there is something of the present target that could be saved.
        not_kept: events of it that are too old to be saved any more.
        saved: the file in which the present target is whole: recorded to its end, or saved after that.
        is_saving: whether a file is being saved right now.
        has_previous: whether what was seen of the target before is still kept, and could be saved.
    """

    file: str = ""
    began_s: float = 0.0
    size: int = 0
    left_out: int = 0
    can_save: bool = False
    not_kept: int = 0
    saved: str = ""
    is_saving: bool = False
    has_previous: bool = False

    @property
    def is_on(self) -> bool:
        """Whether the run is being recorded."""
        return bool(self.file)
