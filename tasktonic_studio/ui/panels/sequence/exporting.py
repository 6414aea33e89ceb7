"""A sequence diagram as text for others: Mermaid for documents, plain text for mails and terminals. No Qt."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.sequence import Row, SequenceDiagram
from tasktonic_studio.ui.panels.sequence.words import gap_words, label
from tasktonic_studio.ui.widgets import figures

MOST_ROWS: Final = 2_000
"""So many rows are written; documents cannot draw more, and nobody reads them."""
_WIDEST: Final = 40
_CODES: Final = str.maketrans({sign: f"#{ord(sign)};" for sign in '#";:<>'})


def mermaid(diagram: SequenceDiagram, heading: str) -> str:
    """The diagram in the language of Mermaid."""
    lines = ["sequenceDiagram", f"    %% {_one_line(heading)}"]
    for lane, line in enumerate(diagram.lines):
        kind = "participant" if line.kind in ("tonic", "box") else "actor"
        lines.append(f"    {kind} p{lane} as {_quoted(line.words)}")
        if line.state:
            lines.append(f"    Note over p{lane}: {_quoted(line.state)}")
    for depth, what in _walk(diagram):
        indent = "    " * (depth + 1)
        if isinstance(what, Row):
            lines += [indent + it for it in _mermaid_row(what)]
        else:
            lines.append(indent + what)
    left = len(diagram) - MOST_ROWS
    if left > 0:
        lines.append(f"    %% {_rows_left(left)}")
    return "\n".join(lines) + "\n"


def _mermaid_row(row: Row) -> list[str]:
    if row.gap is not None:
        return [f"Note over p0: {_quoted(gap_words(row.gap))}"]
    arrow = "--x" if row.not_seen == row.calls else "--)" if row.waiting == row.calls else "->>"
    lines = [f"p{row.sender}{arrow}p{row.receiver}: {_quoted(label(row))}"]
    if row.state:
        lines.append(f"Note over p{row.receiver}: {_quoted(row.state)}")
    return lines


def text(known: Knowledge, diagram: SequenceDiagram, heading: str) -> str:
    """The diagram as lines of plain text, the names below each other."""
    names = [figures.short(line.words, _WIDEST) for line in diagram.lines]
    width = max((len(name) for name in names), default=0)
    began = known.app.began_ns
    lines = [heading, ""]
    for depth, what in _walk(diagram):
        indent = "  " * depth
        if not isinstance(what, Row):
            lines.append(f"{'':>12}  {indent}{what}")
        elif what.gap is not None:
            lines.append(f"{'':>12}  {indent}... {gap_words(what.gap)} ...")
        else:
            moment = figures.moment(int(diagram.calls.sent_ns[what.call]), began)
            arrow = "-x " if what.not_seen == what.calls else ".. " if what.waiting == what.calls else "-> "
            state = f"  [{what.state}]" if what.state else ""
            ends = f"{names[what.sender]:<{width}} {arrow} {names[what.receiver]:<{width}}"
            lines.append(f"{moment:>12}  {indent}{ends}  {label(what)}{state}".rstrip())
    left = len(diagram) - MOST_ROWS
    if left > 0:
        lines.append(_rows_left(left))
    return "\n".join(lines).replace(figures.NARROW_SPACE, " ") + "\n"


def _walk(diagram: SequenceDiagram) -> Iterator[tuple[int, Row | str]]:
    """Rows, and words where a frame begins and ends, each with how many frames are around it."""
    begins: dict[int, list[int]] = {}
    for frame in diagram.frames:
        begins.setdefault(frame.top, []).append(frame.bottom)
    times = {(frame.top, frame.bottom): frame.times for frame in diagram.frames}
    open_until: list[int] = []
    for number in range(min(len(diagram), MOST_ROWS)):
        for bottom in begins.get(number, ()):
            yield len(open_until), f"loop {figures.grouped(times[number, bottom])} times"
            open_until.append(bottom)
        yield len(open_until), diagram.row(number)
        while open_until and open_until[-1] == number:
            open_until.pop()
            yield len(open_until), "end"
    while open_until:
        open_until.pop()
        yield len(open_until), "end"


def _rows_left(left: int) -> str:
    return f"{figures.counted(left, 'more row').replace(figures.NARROW_SPACE, ' ')} not written"


def _one_line(words: str) -> str:
    return " ".join(words.replace(figures.NARROW_SPACE, " ").split())


def _quoted(words: str) -> str:
    """Signs that mean something to Mermaid as their codes."""
    return _one_line(words).translate(_CODES)
