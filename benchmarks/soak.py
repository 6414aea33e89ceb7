"""A minute and more of everything at once, and then a look at what is left.

    python benchmarks/soak.py [--seconds 60]

Apps run one after the other, some seconds each. In each of them trees of tonics, plain essences, timers and subscriptions
are built, bound and finished at random on several catalysts, while ten threads hammer one catalyst (an order each, numbered),
one store (own values, one shared list, a sum that groups keep even) and one ledger (essences made, looked up and finished).
When an app has ended, nothing of it may be left: no essence in the ledger or in memory, no timer, no subscription, no
thread, no order lost or out of order, no entry of the list; and from app to app the process must not grow.

Says what it did and ends with 0, or says in a sentence what is left or lost and ends with 1. ``--plant`` does something wrong
on purpose, to see that it is noticed.
"""

from __future__ import annotations

import argparse
import gc
import random
import sys
import threading
import time
import weakref
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tasktonic import (
    ttCatalyst,
    ttEssence,
    ttFormula,
    ttLedger,
    ttStore,
    ttTimer,
    ttTimerRepeat,
    ttTimerSingleShot,
    ttTonic,
)

APP_SECONDS = 5.0
HAMMERS = 10
SIDES = 3
AT_ONCE = 200
"""Orders that a hammer may have queued at a time: what is measured is endurance, not how long a queue can get."""
MOST_LIVING = 400
"""Essences of trees at a time."""
WAIT_S = 60.0
MAY_GROW = 500
"""Objects that the process may have more at the end than after its second app."""
PLANTS = ("order", "tonic", "thread", "entry")


class Record:
    """What one app did, and what was found wrong. Any thread adds to it."""

    def __init__(self) -> None:
        self.done: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.born: list[weakref.ref[Any]] = []
        self.lock = threading.Lock()

    def count(self, what: str, times: int = 1) -> None:
        with self.lock:
            self.done[what] += times

    def add(self, done: Counter[str]) -> None:
        with self.lock:
            self.done += done


record = Record()
planted: list[Any] = []
"""What ``--plant`` keeps alive."""


class Twig(ttTonic):
    """Part of a tree: it has a timer, hears of the store, counts what reaches it, and goes at random."""

    def __init__(self, depth: int, seed: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.dice = random.Random(seed)
        self.depth = depth
        record.born.append(weakref.ref(self))
        if SoakApp.plant == "tonic" and not planted:
            planted.append(self)

    def ttse__on_start(self) -> None:
        self.to_state("growing")
        ttTimerRepeat(self.dice.uniform(0.001, 0.2))
        ttTimerSingleShot(self.dice.uniform(0.01, 1.0), name="end")
        store = self.bind(ttStore)
        store.subscribe(f"hammer/{self.dice.randrange(HAMMERS)}/value", self.ttsc__hear)
        if self.dice.random() < 0.1:
            store.subscribe("hammer/**", self.heard_by_function)
        record.count("tonics started")

    def ttse_growing__on_timer(self, info: dict[str, Any]) -> None:
        record.count("timers fired")
        if self.depth and len(self.bindings) < 8:
            self.grow()
        if self.dice.random() < 0.2:
            self.to_state("resting")

    def ttse_resting__on_timer(self, info: dict[str, Any]) -> None:
        self.to_state("growing")

    def grow(self) -> None:
        catalyst = self.dice.choice([None, *self.ledger.catalysts])
        try:
            self.bind(Twig, self.depth - 1, self.dice.getrandbits(32), catalyst=catalyst)
        except RuntimeError:
            record.count("catalysts that had ended just then")
        self.bind(ttEssence).bind(ttEssence)
        for child in self.bindings:
            essence = self.ledger.get_essence_by_id(child)
            if essence is not None and not isinstance(essence, ttStore) and self.dice.random() < 0.1:
                essence.finish()

    def ttsc__hear(self, changes: list[Any]) -> None:
        record.count("changes heard by sparkles", len(changes))

    def heard_by_function(self, changes: list[Any]) -> None:
        """In the thread of whoever writes."""

    def ttse__on_end(self, info: dict[str, Any]) -> None:
        self.finish()

    def ttse__on_finished(self) -> None:
        record.count("tonics finished")


class Gardener(ttTonic):
    """Plants trees as long as the app runs."""

    def __init__(self, seed: int, until: float, catalyst: ttCatalyst | None) -> None:
        super().__init__(catalyst=catalyst)
        self.dice = random.Random(seed)
        self.until = until

    def ttse__on_start(self) -> None:
        ttTimerRepeat(0.01)

    def ttse__on_timer(self, info: dict[str, Any]) -> None:
        if time.monotonic() > self.until:
            self.finish()
        elif len(self.ledger.essences) < MOST_LIVING:
            self.bind(Twig, 3, self.dice.getrandbits(32))


class Anvil(ttTonic):
    """Takes what the hammers send, and looks whether each of them is heard in its order."""

    def __init__(self, hammers: int) -> None:
        super().__init__()
        self.next_of = [0] * hammers
        self.may_send = [threading.Semaphore(AT_ONCE) for _ in range(hammers)]
        self.still_hammering = hammers

    def ttsc__hit(self, hammer: int, number: int) -> None:
        if number != self.next_of[hammer]:
            record.wrong.append(f"Hammer {hammer} sent order {self.next_of[hammer]}, and {number} was heard instead.")
        self.next_of[hammer] = number + 1
        self.may_send[hammer].release()

    def ttsc__no_more(self, hammer: int, sent: int) -> None:
        if self.next_of[hammer] != sent:
            record.wrong.append(f"Hammer {hammer} sent {sent} orders and {self.next_of[hammer]} ran.")
        record.count("orders from other threads", sent)
        self.still_hammering -= 1
        if not self.still_hammering:
            self.finish()


class Hammer(threading.Thread):
    """Sends, writes, makes and looks up as fast as it may."""

    def __init__(self, number: int, anvil: Anvil, until: float, plant: str) -> None:
        super().__init__(name=f"hammer {number}", daemon=True)
        self.number, self.anvil, self.until, self.plant = number, anvil, until, plant
        self.store = anvil.bind(ttStore)
        self.done: Counter[str] = Counter()

    def run(self) -> None:
        sent = 0
        try:
            while time.monotonic() < self.until:
                for _ in range(20):
                    if not self.anvil.may_send[self.number].acquire(timeout=WAIT_S):
                        raise AssertionError(f"{AT_ONCE} orders are queued and none of them runs")
                    self.anvil.ttsc__hit(self.number, sent)
                    sent += 1
                self.hammer_store()
                self.hammer_ledger()
        except Exception as error:
            record.wrong.append(f"{self.name} was stopped by {type(error).__name__}: {error}.")
        record.add(self.done)
        self.anvil.ttsc__no_more(self.number, sent + (self.plant == "order" and self.number == 0))

    def hammer_store(self) -> None:
        store, own = self.store, f"hammer/{self.number}"
        store.set(f"{own}/value", self.done["rounds"])
        if store.get(f"{own}/value") != self.done["rounds"]:
            record.wrong.append(f"{self.name} wrote a value into the store and read another.")
        entry = store.append("shared", self.number)
        with store.group():
            store.set("sum/a", self.done["rounds"])
            store.set("sum/b", -self.done["rounds"])
        pair = store.get("sum")
        if pair["a"] + pair["b"]:
            record.wrong.append(f"{self.name} saw half of a group of the store: {pair}.")
        if entry.v != self.number:
            record.wrong.append(f"{self.name} appended {self.number} to a list and found {entry.v} in its place.")
        if self.plant != "entry":
            store.remove(entry.path)
        self.done["rounds"] += 1
        self.done["store calls"] += 8

    def hammer_ledger(self) -> None:
        ledger = self.anvil.ledger
        name = f"{self.name}, {self.done['rounds']}"
        essence = ttEssence(name=name, context=-1)
        below = [essence.bind(ttEssence) for _ in range(3)]
        below[0].bind(ttEssence)
        if ledger.get_essence_by_name(name) is not essence or ledger.get_essence_by_id(below[0].id) is not below[0]:
            record.wrong.append(f"{self.name} made an essence that the ledger does not find.")
        record.born.extend(weakref.ref(each) for each in (essence, *below))
        essence.finish()
        if essence.id != -1 or ledger.get_essence_by_name(name) is not None:
            record.wrong.append(f"{self.name} finished an essence that the ledger still has.")
        self.done["essences made by other threads"] += 5


class SoakApp(ttFormula):
    """One app of trees and hammers."""

    seconds = APP_SECONDS
    seed = 0
    plant = ""
    hammers: list[Hammer] = []
    catalysts: list[ttCatalyst] = []

    def creating_formula(self) -> dict[str, Any]:
        return {"tasktonic/log/to": "off", "tasktonic/error/policy": "stop"}

    def creating_starting_tonics(self) -> None:
        until = time.monotonic() + self.seconds
        anvil = Anvil(HAMMERS)
        SoakApp.hammers = [Hammer(number, anvil, until, self.plant) for number in range(HAMMERS)]
        sides = [ttCatalyst(name=f"side {number}") for number in range(SIDES)]
        SoakApp.catalysts = self.ledger.catalysts
        for number, catalyst in enumerate((None, *sides)):
            Gardener(self.seed + number, until, catalyst)
        for hammer in SoakApp.hammers:
            hammer.start()


def run_app(seconds: float, seed: int, plant: str) -> Record:
    """Run one app and see what is left of it."""
    global record
    record = Record()
    threads_before = set(threading.enumerate())
    SoakApp.seconds, SoakApp.seed, SoakApp.plant = seconds, seed, plant
    try:
        ledger = SoakApp().ledger
    except Exception as error:
        record.wrong.append(f"The app was stopped by {type(error).__name__}: {error}")
        return record
    for hammer in SoakApp.hammers:
        hammer.join(WAIT_S)
    if plant == "thread":
        planted.append(threading.Event())
        threading.Thread(target=planted[0].wait, name="planted", daemon=True).start()
    left = [thread.name for thread in set(threading.enumerate()) - threads_before if thread.is_alive()]
    if left:
        record.wrong.append(f"Of the threads of the app these still run: {', '.join(sorted(left))}.")
    look_at_store(SoakApp.hammers[0].store)
    look_at_ledger(ledger)
    del hammer, ledger
    SoakApp.hammers, SoakApp.catalysts = [], []
    ttLedger.reset()
    look_at_memory()
    return record


def look_at_store(store: ttStore) -> None:
    entries = len(list(store["shared"].children()))
    if entries:
        record.wrong.append(
            f"The list of the store has {entries} entries, and each was removed by who had appended it."
        )
    if store._subscriptions:
        record.wrong.append("The store still has subscriptions, and all their owners have finished.")


def look_at_ledger(ledger: ttLedger) -> None:
    if ledger.essences:
        record.wrong.append(f"The ledger still has {', '.join(essence.name for essence in ledger.essences)}.")
    for catalyst in SoakApp.catalysts:
        # The time by which the app had to end is no timer of anybody.
        timers = [timer.name for timer in catalyst.timers.pending.values() if isinstance(timer, ttTimer)]
        if timers:
            record.wrong.append(f"{catalyst.name} still has timers: {', '.join(timers)}.")


def look_at_memory() -> None:
    gc.collect()
    alive = [essence for each in record.born if (essence := each()) is not None]
    if alive:
        names = ", ".join(essence.name for essence in alive[:5])
        record.wrong.append(f"Of {len(record.born)} essences that have finished {len(alive)} are in memory: {names}.")
    record.count("finished essences looked for in memory", len(record.born))
    record.born.clear()


def soak(seconds: float, plant: str) -> int:
    """Run apps for so long; the exit code."""
    until = time.monotonic() + seconds
    done: Counter[str] = Counter()
    objects: list[int] = []
    apps = 0
    while time.monotonic() < until:
        result = run_app(min(APP_SECONDS, seconds), apps * 100, plant)
        apps += 1
        done += result.done
        for sentence in result.wrong[:20]:
            print(f"app {apps}: {sentence}", flush=True)
        if result.wrong:
            return 1
        del result
        gc.collect()
        objects.append(len(gc.get_objects()))
    print(f"{apps} apps in {seconds:g} s; " + ", ".join(f"{number:,} {what}" for what, number in sorted(done.items())))
    # The first app warms up: classes get their tables, modules are imported.
    if len(objects) > 2 and objects[-1] > objects[1] + MAY_GROW:
        print(f"From app 2 to app {apps} the process grew from {objects[1]:,} objects to {objects[-1]:,}.")
        return 1
    print("Nothing is left, nothing is lost.")
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=60.0, help="how long (60)")
    parser.add_argument("--plant", choices=PLANTS, default="", help="lose an order, keep a tonic, a thread or an entry")
    asked = parser.parse_args()
    return soak(asked.seconds, asked.plant)


if __name__ == "__main__":
    sys.exit(main())
