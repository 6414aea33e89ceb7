"""A sequence diagram as text."""

from __future__ import annotations

import pytest

from tasktonic_studio.session.calls import Hooks, calls_of, last_calls
from tasktonic_studio.session.sequence import Asked, SequenceDiagram, sequence_of
from tasktonic_studio.ui.panels.sequence import exporting
from tasktonic_studio.ui.panels.sequence.exporting import mermaid, text
from tests.studio.ui.panels.sequence.conftest import Hall


def diagram_of(hall: Hall) -> SequenceDiagram:
    known = hall.tell().live
    hooks = Hooks()
    hooks.take(known)
    return sequence_of(known, calls_of(known, last_calls(known, 100_000), hooks), Asked())


def test_mermaid_has_participants_loops_states_and_fates(hall: Hall) -> None:
    hall.story()

    assert mermaid(diagram_of(hall), "Chain of boss · go").splitlines() == [
        "sequenceDiagram",
        "    %% Chain of boss · go",
        "    actor p0 as qt",
        "    participant p1 as boss",
        "    participant p2 as front door",
        "    Note over p2: closed",
        "    participant p3 as alarm 0",
        "    participant p4 as alarm 1",
        "    participant p5 as alarm 2",
        "    p0->>p1: ttse__on_start",
        "    p1->>p2: ttsc__open",
        "    Note over p2: open",
        "    p2->>p2: 2 calls",
        "    Note over p2: locked",
        "    p2->>p3: ttsc__ring ×7",
        "    loop 5 times",
        "        p2->>p4: ttsc__ask",
        "        p4->>p2: ttse__on_answer",
        "    end",
        "    Note over p0: 15 calls lost here",
        "    p2->>p5: ttsc__ring · raised",
        "    p2--)p1: ttsc__report · waiting",
    ]


def test_text_has_times_and_the_names_below_each_other(hall: Hall) -> None:
    start = hall.call(hall.boss, "ttse__on_start", cause="qt")
    hall.call(hall.door, "ttsc__open", start, hall.boss, state="open")
    for _ in range(3):
        asked = hall.call(hall.boss, "ttsc__ask", start, hall.boss)
        hall.call(hall.door, "ttsc__check", asked, hall.boss)

    assert text(hall.tell().live, diagram_of(hall), "A hall").splitlines() == [
        "A hall",
        "",
        "     0.000 s  qt         ->  boss        ttse__on_start",
        "     0.002 s  boss       ->  front door  ttsc__open  [open]",
        "              loop 3 times",
        "     0.004 s    boss       ->  boss        ttsc__ask",
        "     0.006 s    boss       ->  front door  ttsc__check",
        "              end",
    ]


def test_names_cannot_break_the_language_of_mermaid(hall: Hall) -> None:
    odd = hall.born("Odd", 'end; "a" <b>\n#1', hall.hall)
    hall.call(odd, "ttsc__go")

    lines = mermaid(diagram_of(hall), "a\nb").splitlines()

    assert lines[1] == "    %% a b"
    assert lines[3] == "    participant p1 as end#59; #34;a#34; #60;b#62; #35;1"


def test_what_is_not_written_is_said(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "MOST_ROWS", 3)
    hall.story()
    made = diagram_of(hall)

    assert mermaid(made, "").splitlines()[-1] == f"    %% {len(made) - 3} more rows not written"
    assert text(hall.session.live, made, "").splitlines()[-1] == f"{len(made) - 3} more rows not written"


def test_a_loop_that_is_cut_off_is_closed(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "MOST_ROWS", 5)
    hall.story()

    lines = mermaid(diagram_of(hall), "").splitlines()

    assert [line.strip() for line in lines[-4:-1]] == ["loop 5 times", "p2->>p4: ttsc__ask", "end"]
