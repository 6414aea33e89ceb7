"""One of two runs that are compared: what ran and why, taken out of what is known and laid out in columns.

`take` is quick and belongs to the thread of the session; `lay_out` does the work and may be called in any other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tasktonic.events import ERROR, HOOK, IGNORED, SYSTEM
from tasktonic_studio.session.columns import Column
from tasktonic_studio.session.comparing.different import different
from tasktonic_studio.session.comparing.plain_text import Plainer, plain_cause
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.names import Names
from tasktonic_studio.session.timeline import Texts

Ints = npt.NDArray[Any]

TIMER: Final = "timer"
FRAMEWORK: Final = "framework"
UNKNOWN: Final = "not recorded"
_RUN_FIELDS: Final = ("n", "begin_ns", "end_ns", "run", "order", "essence", "sparkle", "before", "after", "flags")
_ORDER_FIELDS: Final = ("n", "t_ns", "order", "essence", "sparkle", "source", "run", "cause", "arguments")


class Cancelled(Exception):
    """Nobody wants the comparison any more."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What `lay_out` needs, copied or never changed again. Fields as in `Knowledge`."""

    runs: list[dict[str, Column]]
    orders: list[dict[str, Column]]
    texts: Texts
    names: Names
    births: list[tuple[Any, ...]]
    errors: dict[int, str]
    title: str
    began_ns: int
    app_has_ended: bool
    is_whole: bool
    """Whether it is known from the begin of the app on, without a gap."""
    script: str = ""
    remarks: tuple[str, ...] = ()
    """Sentences about what is wrong with it."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing ran and nothing was ordered."""
        return not self.runs and not self.orders


def take(known: Knowledge, title: str, remarks: tuple[str, ...] = ()) -> Taken:
    """Take out what is known of the present app. The session's thread; some milliseconds for a million runs."""
    app, first_n = known.app, known.app.first_n
    runs, orders = known.runs, known.orders
    lines = [line for line in known.log.fields() if line[3] == "error" and line[7] > 0 and line[2] == app.number]
    births = [birth for birth in known.births.fields() if birth[0] >= first_n]
    return Taken(
        [columns for _, _, columns in runs.chunks(runs.count_at(first_n))],
        [columns for _, _, columns in orders.chunks(orders.count_at(first_n))],
        orders.texts.copy(),
        known.names.fork(),
        births,
        {line[7]: line[6] for line in lines},
        title,
        app.began_ns,
        app.has_ended,
        not known.gaps and not runs.first and not orders.first and all(birth[8] for birth in births),
        PurePath(known.target.script).name,
        remarks,
    )


@dataclass(slots=True)
class Side:
    """What was ordered and what ran, one *item* each, in the order of their numbers: a cause comes before its effects.

    An item is an order with its run, an order that never ran, or a hook. `parent` is the item that caused it, -1 when none
    did: then `root` says what else (an index into `causes`). `slot` is whose it is (an index into `essences`), `source` the slot of who ordered it.
    `quiet` items are the framework's own: they are aligned, since they may be causes, and neither compared nor shown.
    """

    title: str
    began_ns: int
    app_has_ended: bool
    is_whole: bool
    script: str
    remarks: tuple[str, ...]
    names: Names
    number: Ints
    n: Ints
    begin_ns: Ints
    end_ns: Ints
    ordered_ns: Ints
    parent: Ints
    root: Ints
    slot: Ints
    source: Ints
    sparkle: Ints
    before: Ints
    after: Ints
    flags: Ints
    ran: npt.NDArray[np.bool_]
    quiet: npt.NDArray[np.bool_]
    arguments: Ints
    """Index into `texts`."""
    essences: list[int]
    births: dict[int, tuple[Any, ...]]
    texts: list[str]
    causes: list[str]
    errors: dict[int, str]
    plainer: Plainer
    _by_parent: tuple[Ints, Ints] | None = None

    def __len__(self) -> int:
        return len(self.number)

    def sort_effects(self) -> None:
        """Make effects quick to find; in the thread of the comparison, as it takes a moment."""
        order = np.argsort(self.parent, kind="stable")
        self._by_parent = order, self.parent[order]

    # ---- questions about one item

    def effects_of(self, item: int) -> Ints:
        """The items that an item caused, in their order."""
        if self._by_parent is None:
            return np.flatnonzero(self.parent == item)
        order, parents = self._by_parent
        return order[np.searchsorted(parents, item, "left") : np.searchsorted(parents, item, "right")]

    def tonic(self, item: int) -> str:
        """The name of whose item it is."""
        return self.name_of(self.essences[int(self.slot[item])])

    def name_of(self, essence: int) -> str:
        """The name of an essence."""
        birth = self.births.get(essence)
        return birth[2] if birth is not None else f"essence {essence}"

    def sparkle_name(self, item: int) -> str:
        return self.names.sparkle(int(self.sparkle[item]))

    def title_of(self, item: int) -> str:
        """`tonic.sparkle`."""
        return f"{self.tonic(item)}.{self.sparkle_name(item)}"

    def state(self, item: int, index: int) -> str:
        """A state of whose item it is, by name."""
        return self.names.state(self.cls(self.essences[int(self.slot[item])]), index)

    def cls(self, essence: int) -> int:
        """The class of an essence, -1 when its birth is not known."""
        birth = self.births.get(essence)
        return birth[3] if birth is not None else -1

    def arguments_of(self, item: int) -> str:
        return self.texts[int(self.arguments[item])]

    def error_of(self, item: int) -> str:
        """What it raised, empty for nothing."""
        text = self.errors.get(int(self.number[item]), "")
        return text or ("an exception" if int(self.flags[item]) & ERROR else "")

    def is_hook(self, item: int) -> bool:
        return bool(int(self.flags[item]) & HOOK)

    def is_ignored(self, item: int) -> bool:
        return bool(int(self.flags[item]) & IGNORED)

    def cause_of(self, item: int) -> str:
        """What caused it, in words: `tonic.sparkle`, `timer NAME`, or what came from outside."""
        parent = int(self.parent[item])
        if parent >= 0:
            return self.title_of(parent)
        cause = self.causes[int(self.root[item])]
        if cause == TIMER:
            source = int(self.source[item])
            return f"timer {self.name_of(self.essences[source])}" if source >= 0 else "a timer"
        if cause == FRAMEWORK:
            return "the framework"
        return "something that was not recorded" if cause == UNKNOWN else cause or "outside"


def lay_out(taken: Taken, check: Callable[[], None] = lambda: None) -> Side:
    """Make the columns. Any thread. `check` is called now and then and may raise `Cancelled`."""
    runs = _joined(taken.runs, _RUN_FIELDS)
    orders = _joined(taken.orders, _ORDER_FIELDS)
    check()
    number, run_at, order_at = _items(runs["run"], orders["order"])
    ran, ordered = run_at >= 0, order_at >= 0

    def of_run(name: str, otherwise: Any) -> Ints:
        return np.where(ran, _at(runs[name], run_at), otherwise)

    def of_order(name: str, otherwise: Any) -> Ints:
        return np.where(ordered, _at(orders[name], order_at), otherwise)

    check()
    flags = of_run("flags", 0).astype(np.uint8)
    essence = of_run("essence", of_order("essence", -1))
    sparkle = of_run("sparkle", of_order("sparkle", -1))
    source = of_order("source", -1)
    is_hook = (flags & HOOK) != 0
    cause_number = np.where(is_hook, of_run("order", 0), of_order("run", 0))
    parent = np.where(cause_number > 0, _places(number, cause_number), -1)
    # A cause has the smaller number; what says otherwise is none.
    parent = np.where(parent < np.arange(len(number)), parent, -1)
    check()
    known, slot = different(np.concatenate([essence, source]))
    slot = slot.astype(np.int32)
    births = {birth[1]: birth for birth in taken.births}
    ids: list[int] = known.tolist()
    system, own = _of_framework(taken.names, sparkle, flags)
    causes, root = _roots(taken.texts, of_order("cause", 0), ordered & ~is_hook, cause_number, parent, system)
    parent = np.where((parent >= 0) & system[np.maximum(parent, 0)], -1, parent) if len(parent) else parent
    plainer = Plainer(taken.names.cls(it) for it in taken.names.classes)
    texts, arguments = _texts(taken.texts, of_order("arguments", 0))
    check()
    count = len(number)
    return Side(
        title=taken.title,
        began_ns=taken.began_ns,
        app_has_ended=taken.app_has_ended,
        is_whole=taken.is_whole,
        script=taken.script,
        remarks=taken.remarks,
        names=taken.names,
        number=number,
        n=of_run("n", of_order("n", 0)),
        begin_ns=of_run("begin_ns", of_order("t_ns", 0)),
        end_ns=of_run("end_ns", of_order("t_ns", 0)),
        ordered_ns=of_order("t_ns", of_run("begin_ns", 0)),
        parent=parent,
        root=root,
        slot=slot[:count],
        source=np.where(source >= 0, slot[count:], -1),
        sparkle=sparkle.astype(np.int32),
        before=of_run("before", -1).astype(np.int32),
        after=of_run("after", -1).astype(np.int32),
        flags=flags,
        ran=ran,
        quiet=system | own,
        arguments=arguments,
        essences=ids,
        births=births,
        texts=texts,
        causes=causes,
        errors=taken.errors,
        plainer=plainer,
    )


def _joined(chunks: list[dict[str, Column]], fields: tuple[str, ...]) -> dict[str, Column]:
    if not chunks:
        return {name: np.empty(0, np.int64) for name in fields}
    return {name: np.concatenate([chunk[name] for chunk in chunks]) for name in fields}


def _items(run_numbers: Ints, order_numbers: Ints) -> tuple[Ints, Ints, Ints]:
    """All numbers, ascending, and for each where its run and its order stand, -1 for nowhere. Of doubles the first counts."""
    number, _ = different(np.concatenate([run_numbers, order_numbers]))
    found = []
    for numbers in (run_numbers, order_numbers):
        at = np.full(len(number), -1, np.int64)
        at[np.searchsorted(number, numbers[::-1])] = np.arange(len(numbers))[::-1]
        found.append(at)
    return number, found[0], found[1]


def _at(column: Ints, places: Ints) -> Ints:
    """Values at these places, anything where there is none (-1)."""
    return column[places] if len(column) else np.zeros(len(places), np.int64)


def _places(numbers: Ints, wanted: Ints) -> Ints:
    """Where each of these is in ascending numbers, -1 for nowhere."""
    if not len(numbers):
        return np.full(len(wanted), -1, np.int64)
    at = np.minimum(np.searchsorted(numbers, wanted), len(numbers) - 1)
    return np.where(numbers[at] == wanted, at, -1)


def _of_framework(names: Names, sparkle: Ints, flags: Ints) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Which items are system sparkles, and which are handled by nothing but the framework's own methods."""
    folder = _own_folder(names)
    known, inverse = different(sparkle)
    system, own = [], []
    for each in known.tolist():
        system.append(names.sparkle(each).startswith("_ttss__"))
        defined = names.sparkles.get(each)
        handlers = [it for it in names.handlers(defined.cls) if it.sparkle == each] if defined is not None else []
        own.append(bool(handlers) and bool(folder) and all(it.file.startswith(folder) for it in handlers))
    is_system = np.array(system, np.bool_)[inverse] | ((flags & SYSTEM) != 0)
    return is_system, np.array(own, np.bool_)[inverse] & ((flags & IGNORED) == 0)


def _own_folder(names: Names) -> str:
    """Where the framework of that run lay; empty when none of its classes is known."""
    for cls in names.classes.values():
        parts = cls.module.split(".")
        if parts[0] == "tasktonic" and len(parts) > 1 and cls.file:
            file = cls.file.replace("\\", "/")
            folder = PurePath(file).parents[len(parts) - 2] if len(PurePath(file).parents) > len(parts) - 2 else None
            if folder is not None and folder.name == "tasktonic":
                return str(folder) + ("\\" if "\\" in cls.file else "/")
    return ""


def _roots(
    texts: Texts, cause: Ints, is_order: Ints, cause_number: Ints, parent: Ints, system: Ints
) -> tuple[list[str], Ints]:
    """What caused the items that no item caused, as words and for each item an index into them."""
    places = {UNKNOWN: 0, FRAMEWORK: 1}
    known, inverse = different(cause)
    by_cause = [places.setdefault(plain_cause(texts.text(each)), len(places)) for each in known.tolist()]
    root = np.array(by_cause, np.int32)[inverse] if len(cause) else np.zeros(0, np.int32)
    # Without an order, or with a cause that is not here, nothing is known.
    root = np.where(is_order & (cause_number == 0), root, 0)
    if len(parent):
        root = np.where((parent >= 0) & system[np.maximum(parent, 0)], 1, root)
    return list(places), root.astype(np.int32)


def _texts(texts: Texts, arguments: Ints) -> tuple[list[str], Ints]:
    known, index = different(arguments)
    return [texts.text(each) for each in known.tolist()], index.astype(np.int32)
