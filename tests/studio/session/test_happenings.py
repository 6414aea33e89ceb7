"""What happened is kept as columns: births among themselves are the same rows as among others."""

from __future__ import annotations

from typing import Any

import pytest

from tasktonic import events
from tasktonic_studio.session import happenings
from tasktonic_studio.session.session import Session

ev: Any = events
BIRTHS = [ev.Born(10 + n, n, f"it {n}", 0, n - 1, 0, "", 2, -1, 7 * n) for n in range(5)]


def rows_of(session: Session) -> list[Any]:
    live = session.live.happenings
    return [live.row(index) for index in range(len(live))]


def test_births_alone_are_the_rows_that_they_are_among_others() -> None:
    alone, mixed = Session(), Session()

    alone.apply_events(0, BIRTHS)
    mixed.apply_events(0, [*BIRTHS, ev.Finishing(20, 3, 1)])

    assert rows_of(alone) == rows_of(mixed)[:-1]
    assert [(row.n, row.t_ns, row.kind, row.essence, row.value, row.run) for row in rows_of(alone)] == [
        (n, 10 + n, happenings.Happening.BORN, n, n - 1, 7 * n) for n in range(5)
    ]
    assert {(row.word, row.more) for row in rows_of(alone)} == {(rows_of(mixed)[0].word, 0)}


def test_births_alone_are_not_packed_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(happenings._PACK, ev.Born)
    session = Session()

    session.apply_events(0, BIRTHS)

    assert [row.essence for row in rows_of(session)] == [0, 1, 2, 3, 4]
