"""A real app that offloads work, seen in the window: the inspector says what runs, waits and is over, now and before."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from tasktonic_studio.session.selection import Thing

Steps = Generator[Callable[[], Any], None, None]

BUSY = """
    import signal
    from tasktonic import *

    def survey(number):
        signal.pause()

    def divide(number, by):
        return number / by

    class Surveyor(ttTonic):
        def ttse__on_start(self):
            self.offload(survey, 1, where="process")
            self.offload(survey, 2, where="process")
            self.offload(divide, 6, 2, on_result=self.ttse__divided)

        def ttse__divided(self, result):
            self.offload(divide, 1, 0, on_error=self.ttse__failed)

        def ttse__failed(self, error):
            self.offload(survey, 3, where="process").cancel()
            self.offload(divide, 2, 0)

    class App(ttFormula):
        def creating_formula(self):
            return {"tasktonic/log/to": "screen", "tasktonic/pool/processes": 1, "tasktonic/pool/threads": 1}

        def creating_starting_tonics(self):
            Surveyor(name="surveyor")

    if __name__ == "__main__":
        App()
    """


def heavy_work(panel: Any) -> list[tuple[str, str]]:
    """The lines about heavy work as they are on screen, without figures of time."""
    section = panel.model.index_of(("work",))
    rows = range(panel.model.rowCount(section)) if section.isValid() else ()
    lines = [[panel.model.index(row, column, section).data() for column in (0, 1)] for row in rows]
    return [(name, value.split(" for ")[0].split(" in ")[0]) for name, value in lines]


def test_heavy_work_of_a_real_app_is_shown_now_and_as_it_was(run_studio: Any, script: Any) -> None:
    def steps(person: Any) -> Steps:
        yield lambda: any("division by zero" in text for text in person.log_texts())
        live, selection = person.live, person.bench.selection
        surveyor = next(it for it in live.essences if live.essences.name(it) == "surveyor")
        selection.select(Thing("essence", surveyor))
        panel = person.panel("inspector")
        yield (
            lambda: (
                heavy_work(panel)
                == [
                    ("survey", "runs"),
                    ("survey", "waits"),
                    ("divide", "failed with ZeroDivisionError: division by zero"),
                    ("survey", "cancelled"),
                    ("divide", "failed with ZeroDivisionError: division by zero"),
                    ("divide", "done"),
                ]
            )
        )
        assert len([text for text in person.log_texts() if "ZeroDivisionError" in text]) == 1, "of two, one was taken"

        cancelled = next(work for work in live.heavy_work.ended_of(surveyor).last if work.outcome == "cancelled")
        before = next(
            n
            for n in range(live.n, 0, -1)
            if all(work.number != cancelled.number for work in _all_work(person.bench.session.at(n), surveyor))
        )
        selection.look_at(before)
        yield (
            lambda: ("survey", "cancelled") not in heavy_work(panel) and heavy_work(panel)[-1:] == [("divide", "done")]
        )

    run_studio(steps, script(BUSY))


def _all_work(known: Any, essence: int) -> list[Any]:
    return [*known.heavy_work.open_of(essence), *known.heavy_work.ended_of(essence).last]
