"""Readers of the stream that keep what happens: in a file, in memory, or the last of it for when something goes wrong.

``record(path)`` writes a trace file until its ``stop()``, or the end of a ``with`` block. The setting ``tasktonic/record/to`` does
so for one app, the environment variable ``TASKTONIC_RECORD`` for all apps of a process. A ``Recording`` keeps everything in
memory, to be saved later or not at all.
"""

from __future__ import annotations

from tasktonic.recorder.in_memory import Recording
from tasktonic.recorder.to_file import Recorder, record

__all__ = ["Recorder", "Recording", "record"]
