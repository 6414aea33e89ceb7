"""The traces that are kept with the tests, of every version there was: all of them read as they did."""

from __future__ import annotations

from pathlib import Path

import pytest

from tasktonic.events import IGNORED, LogLine, Ordered, Raised, Ran
from tasktonic.trace import TraceReader, ttTraceError

KEPT = Path(__file__).resolve().parents[2] / "data" / "traces"


def kept_traces() -> dict[str, str]:
    """Name of each file that the page tells of, and what a reader says of it."""
    rows = [
        line.split(" | ")
        for line in (KEPT / "README.md").read_text(encoding="utf-8").splitlines()
        if "`.ttt" in line or ".ttt`" in line
    ]
    return {row[0].strip("| `"): row[-1].strip("| ") for row in rows if row[0].startswith("| `")}


def test_every_kept_trace_has_its_line() -> None:
    assert sorted(kept_traces()) == sorted(path.name for path in KEPT.glob("*.ttt"))


@pytest.mark.parametrize("name", kept_traces())
def test_a_kept_trace_reads_as_its_line_says(name: str) -> None:
    says = kept_traces()[name]
    try:
        with TraceReader(KEPT / name) as reader:
            reader.check()
            list(reader.happened())
            condition = reader.condition or "sound"
    except ttTraceError as error:
        condition = str(error)

    assert says in condition


def test_the_kept_recording_of_a_door_tells_its_story() -> None:
    with TraceReader(KEPT / "door.ttt") as reader:
        happened = [event for _, event in reader.happened()]
        [source] = reader.sources()

    assert "def ttsc_closed__open" in source.text
    assert [event.text for event in happened if isinstance(event, LogLine)] == ["squeaks"]
    assert [event.text for event in happened if isinstance(event, Raised)] == ["no power"]
    assert "degrees=90" in [event.arguments for event in happened if isinstance(event, Ordered)]
    assert sum(bool(event.flags & IGNORED) for event in happened if isinstance(event, Ran)) == 1
