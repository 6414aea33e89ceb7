"""A data pipeline in small steps: read, clean, count, report, each step a tonic of its own.

Lines of a log file (made up here) go from tonic to tonic. No step knows more than the next one, so steps can be exchanged,
tried alone, or given a catalyst of their own: the counting runs on a second thread, and not a line changes for that. What
goes over to that thread is copied on the way.

A fast step must not bury a slow one. So the source sends a handful of batches and then waits: the last step hands back a
ticket for each batch that it is done with, and a ticket is the right to send one more. However long the input is, no
more than that handful is ever under way.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any

from tasktonic import ttCatalyst, ttFormula, ttTonic

LINES = 20_000
BATCH = 100
TICKETS = 4
"""Batches that may be under way."""


def made_up_lines() -> Iterator[str]:
    """Lines such as a web server writes; some are damaged."""
    dice = random.Random(7)
    for number in range(LINES):
        if dice.random() < 0.02:
            yield f"### line {number} was lost ###"
        else:
            page = dice.choice(["/", "/", "/", "/guide", "/guide", "/download"])
            yield f"10.0.0.{dice.randrange(40)} GET {page} {dice.choice([200, 200, 200, 200, 404])}"


class Source(ttTonic):
    """Reads, a batch per ticket."""

    def __init__(self, to: Cleaner) -> None:
        super().__init__(name="source")
        self.to = to
        self.lines = made_up_lines()
        self.under_way = self.most_under_way = 0

    def ttse__on_start(self) -> None:
        self.to_state("reading")

    def ttse_reading__on_enter(self) -> None:
        for _ in range(TICKETS):
            self.send()

    def ttse_reading__on_ticket(self) -> None:
        self.under_way -= 1
        self.send()

    def ttse_dry__on_ticket(self) -> None:
        self.under_way -= 1
        self.end_if_done()

    def ttse_dry__on_enter(self) -> None:
        self.end_if_done()

    def send(self) -> None:
        batch = list(islice(self.lines, BATCH))
        if not batch:
            self.to_state("dry")
            return
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        self.to.ttsc__clean(batch)

    def end_if_done(self) -> None:
        if self.under_way == 0:
            self.log(f"all read; never more than {self.most_under_way} batches were under way")
            self.to.ttsc__end()
            self.finish()


class Cleaner(ttTonic):
    """Takes lines apart, and leaves out what is no line."""

    def __init__(self, to: Tally) -> None:
        super().__init__(name="cleaner")
        self.to = to
        self.damaged = 0

    def ttsc__clean(self, batch: list[str]) -> None:
        records = [line.split() for line in batch]
        good = [{"host": r[0], "page": r[2], "status": int(r[3])} for r in records if len(r) == 4 and r[1] == "GET"]
        self.damaged += len(batch) - len(good)
        self.to.ttsc__count(good)

    def ttsc__end(self) -> None:
        self.log(f"{self.damaged} damaged lines left out")
        self.to.ttsc__end()
        self.finish()


class Tally(ttTonic):
    """Counts, on a thread of its own."""

    def __init__(self, to: Report, catalyst: ttCatalyst) -> None:
        super().__init__(name="tally", catalyst=catalyst)
        self.to = to
        self.pages: Counter[str] = Counter()
        self.missing = 0

    def ttsc__count(self, records: list[dict[str, Any]]) -> None:
        self.pages.update(record["page"] for record in records if record["status"] == 200)
        self.missing += sum(record["status"] == 404 for record in records)
        self.to.ttse__on_batch_done()

    def ttsc__end(self) -> None:
        self.to.ttsc__print(dict(self.pages), self.missing)
        self.finish()


class Report(ttTonic):
    """The last step: hands back the tickets, and says what came out."""

    def ttse__on_start(self) -> None:
        self.source = self.ledger.get_essence_by_name("source")

    def ttse__on_batch_done(self) -> None:
        self.source.ttse__on_ticket()

    def ttsc__print(self, pages: dict[str, int], missing: int) -> None:
        for page, visits in sorted(pages.items(), key=lambda item: -item[1]):
            self.log(f"{page:10} {visits:6} visits")
        self.log(f"{missing} visits to pages that are not there")
        self.finish()


class Pipeline(ttFormula):
    def creating_formula(self) -> dict[str, Any]:
        return {"tasktonic/log/to": "screen"}

    def creating_starting_tonics(self) -> None:
        counting = ttCatalyst(name="counting")
        Source(Cleaner(Tally(Report(name="report"), counting)))


if __name__ == "__main__":
    Pipeline()
