"""A data pipeline in small steps: read, clean, count, report, each step a tonic of its own. And everybody else keeps getting a turn.

    python examples/pipeline.py                      in batches of 100 lines
    python examples/pipeline.py --batch 50000        all in one lump, to see what the small steps are for

Lines of a log file (made up here) go from tonic to tonic. No step knows more than the next one, so steps can be exchanged,
tried alone, or given a catalyst of their own: the counting runs on a second thread, and not a line changes for that. What
goes over to that thread is copied on the way.

A fast step must not bury a slow one. So the source sends a handful of batches and then waits: the last step hands back a
ticket for each batch that it is done with, and a ticket is the right to send one more. However long the input is, no
more than that handful is ever under way.

A sparkle runs to its end before the next one has its turn, so the size of a batch is how long others have to wait. Others are played
by ``Onlooker``, on the same thread as all of it but the counting: it wants to be called 200 times a second, as a window or a socket
would, and tells how long it had to wait at most. In small batches that is a few milliseconds where the processor is free, whatever the length of the input.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any

from tasktonic import ttCatalyst, ttFormula, ttTimerRepeat, ttTonic

LINES = 50_000
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

    def __init__(self, to: Cleaner, batch: int) -> None:
        super().__init__(name="source")
        self.to = to
        self.batch = batch
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
        batch = list(islice(self.lines, self.batch))
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

    def __init__(self, onlooker: Onlooker) -> None:
        super().__init__(name="report")
        self.onlooker = onlooker

    def ttse__on_start(self) -> None:
        self.source = self.ledger.get_essence_by_name("source")

    def ttse__on_batch_done(self) -> None:
        self.source.ttse__on_ticket()

    def ttsc__print(self, pages: dict[str, int], missing: int) -> None:
        for page, visits in sorted(pages.items(), key=lambda item: -item[1]):
            self.log(f"{visits} visits to {page}")
        self.log(f"{missing} visits to pages that are not there")
        self.onlooker.ttsc__tell()
        self.finish()


class Onlooker(ttTonic):
    """Has nothing to do with it, and only wants its turn."""

    def ttse__on_start(self) -> None:
        self.looks = 0
        self.longest_s = 0.0
        self.looked_s = time.perf_counter()
        self.bind(ttTimerRepeat, seconds=0.005, name="look")

    def ttse__on_look(self, info: dict[str, Any]) -> None:
        self.looks += 1
        self.note_wait()

    def ttsc__tell(self) -> None:
        self.note_wait()
        self.log(f"had {self.looks} turns meanwhile, and waited {1000 * self.longest_s:.1f} ms for one at most")
        self.finish()

    def note_wait(self) -> None:
        now_s = time.perf_counter()
        self.longest_s = max(self.longest_s, now_s - self.looked_s)
        self.looked_s = now_s


class Pipeline(ttFormula):
    def __init__(self, batch: int) -> None:
        self.batch = batch
        super().__init__()

    def creating_formula(self) -> dict[str, Any]:
        return {"tasktonic/log/to": "screen"}

    def creating_starting_tonics(self) -> None:
        counting = ttCatalyst(name="counting")
        Source(Cleaner(Tally(Report(Onlooker(name="onlooker")), counting)), self.batch)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A data pipeline that stays responsive.")
    parser.add_argument("--batch", type=int, default=100, metavar="LINES", help="how many lines a step takes at a time")
    Pipeline(**vars(parser.parse_args()))
