"""What ran, as data: the trace file, and what is read out of it. The same for the recorder, the distiller and the studio."""

from __future__ import annotations

from tasktonic.trace.distilled import Distilled, Probes
from tasktonic.trace.file import ttTraceError, ttTraceFileError
from tasktonic.trace.marking import keep_marks
from tasktonic.trace.marks import Mark
from tasktonic.trace.reader import Damage, TraceReader
from tasktonic.trace.sources import Source
from tasktonic.trace.trace import Trace
from tasktonic.trace.writer import TraceWriter

__all__ = [
    "Damage",
    "Distilled",
    "Mark",
    "Probes",
    "Source",
    "Trace",
    "TraceReader",
    "TraceWriter",
    "keep_marks",
    "ttTraceError",
    "ttTraceFileError",
]
