"""The state machine of a class from three sources at once: names of methods, source, and what was seen. No Qt.

Arrows between the same two states are one arrow with several labels. What was seen counts; what only the source says is
marked as such; a target that the source computes, or a state that does not exist, is an arrow to a mark of its own.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal, NamedTuple

from tasktonic.events import HandlerDefined
from tasktonic_studio.analysis.machine_source import ANY_STATE, NO_STATE, Exit, SourceMachine
from tasktonic_studio.session.essences import EssenceFacts
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.machines import Move
from tasktonic_studio.session.names import Place
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.timeline import TransitionRow
from tasktonic_studio.ui.widgets import figures

NodeKind = Literal["state", "begin", "end", "any", "computed", "unknown"]
How = Literal["seen", "source", "computed", "unknown"]

BEGIN: Final = "begin"
END: Final = "end"
ANY: Final = "any"
COMPUTED: Final = "computed"

ON_ENTER: Final = "ttse__on_enter"
OUTSIDE: Final = "_ttss__to_state"
TRAIL_LENGTH: Final = 6
_TRAIL_ROWS: Final = 2_000_000

HOW_WORDS: Final[dict[How, str]] = {
    "seen": "seen",
    "source": "in source, not seen",
    "computed": "computed, not seen",
    "unknown": "unknown state",
}


@dataclass(frozen=True, slots=True)
class Node:
    """A state, or one of the marks beside them. `index` is the state's, -1 for a mark."""

    id: str
    kind: NodeKind
    name: str
    index: int = -1


@dataclass(frozen=True, slots=True)
class Label:
    """One cause of an arrow: a sparkle, how often it was seen to cause it, and where the source has it."""

    sparkle: str
    count: int
    how: How
    place: Place | None = None
    via: str = ""
    again: bool = False


@dataclass(frozen=True, slots=True)
class Arrow:
    """All ways from one node to another. `count` is how often it was seen, also where the cause of it was lost."""

    id: str
    tail: str
    head: str
    labels: tuple[Label, ...]
    count: int
    how: How

    @property
    def lost(self) -> int:
        """How often it was seen without its cause."""
        return max(0, self.count - sum(label.count for label in self.labels))

    @property
    def without_cause(self) -> str:
        """What to say of those: no sparkle asks for the last change, which comes with the end of the tonic."""
        return "it finished" if self.head == END else "cause not seen"


class CellFacts(NamedTuple):
    """A sparkle in a state: which handler there is (``own``, ``generic`` or none), how often it ran and was ignored."""

    handler: str
    method: str
    ran: int
    ignored: int
    place: Place | None

    @property
    def words(self) -> str:
        """What the table says: a word, and the count where there is one."""
        parts = []
        if self.handler or self.ran:
            word = {"own": "handled", "generic": "generic"}.get(self.handler, "ran")
            parts.append(f"{word} {figures.grouped(self.ran)}×" if self.ran else word)
        if self.ignored:
            parts.append(f"ignored {figures.grouped(self.ignored)}×")
        return ", ".join(parts)


@dataclass(slots=True)
class Machine:
    """All that the panel shows of a class at one moment."""

    cls: int = -1
    name: str = ""
    states: list[str] = field(default_factory=list)
    nodes: dict[str, Node] = field(default_factory=dict)
    arrows: dict[str, Arrow] = field(default_factory=dict)
    instances: dict[int, int] = field(default_factory=dict)
    sparkles: list[str] = field(default_factory=list)
    cells: dict[tuple[int, str], CellFacts] = field(default_factory=dict)
    problems: tuple[str, ...] = ()

    @property
    def has_states(self) -> bool:
        return bool(self.states)

    @property
    def alive(self) -> int:
        """How many tonics of the class live."""
        return sum(self.instances.values())

    @property
    def rows(self) -> list[int]:
        """The states of the table, by index; -1, no state, comes first."""
        return [-1, *range(len(self.states))]

    def node_of(self, state: int) -> str:
        """The node of a state by index."""
        return state_id(self.states[state]) if 0 <= state < len(self.states) else BEGIN

    def state_name(self, index: int) -> str:
        return self.states[index] if 0 <= index < len(self.states) else "no state"


def state_id(name: str) -> str:
    """The node of a state."""
    return f"state {name}"


def arrow_id(tail: str, head: str) -> str:
    """The arrow between two nodes."""
    return f"{tail} > {head}"


def class_of(known: Knowledge, thing: Thing | None) -> int:
    """The class whose machine is about a thing, -1 for none."""
    if thing is None:
        return -1
    if thing.kind == "class" and isinstance(thing.key, int):
        return thing.key if thing.key in known.names.classes else -1
    if thing.kind == "state" and isinstance(thing.key, tuple):
        return int(thing.key[0])
    facts = instance_of(known, thing)
    return facts.cls if facts is not None else -1


def instance_of(known: Knowledge, thing: Thing | None) -> EssenceFacts | None:
    """The tonic whose state is to be lit: the selected one, or the one that a selected run, order or line belongs to."""
    if thing is None or not isinstance(thing.key, int):
        return None
    key = thing.key
    if thing.kind in ("essence", "catalyst"):
        return known.essences.get(key)
    if thing.kind == "run":
        run = known.run_of(key)
        return known.essences.get(run.essence) if run else None
    if thing.kind == "order":
        order = known.order_of(key)
        return known.essences.get(order.essence) if order else None
    if thing.kind == "log" and known.log.first <= key < len(known.log):
        return known.essences.get(known.log[key].essence)
    return None


def machine_of(known: Knowledge, cls: int, source: SourceMachine | None = None) -> Machine:
    """Put together what is known of the machine of a class."""
    machine = Machine(cls, known.names.cls(cls), known.names.states(cls))
    if cls not in known.names.classes:
        return machine
    machine.instances = known.essences.in_states(cls)
    for index, name in enumerate(machine.states):
        machine.nodes[state_id(name)] = Node(state_id(name), "state", name, index)
    sparkles: dict[int, str] = {it.sparkle: it.name for it in known.names.sparkles_of(cls)}
    _add_cells(known, machine, sparkles)
    if machine.states:
        _add_arrows(known, machine, sparkles, source or SourceMachine())
    machine.problems = source.problems if source is not None else ()
    return machine


# ---- arrows ----------------------------------------------------------------------------------------------------------


def _add_arrows(known: Knowledge, machine: Machine, sparkles: dict[int, str], source: SourceMachine) -> None:
    ways: dict[tuple[str, str], dict[str, Label]] = {}
    counts: dict[tuple[str, str], int] = {}
    for move, count in known.machines.moves(machine.cls).items():
        way = _ends(machine, move)
        ways.setdefault(way, {})
        counts[way] = counts.get(way, 0) + count
    entered = {it.state for it in known.names.handlers(machine.cls) if sparkles.get(it.sparkle) == ON_ENTER}
    for cause, count in known.machines.causes(set(sparkles)).items():
        way = _ends(machine, Move(cause.old, cause.new))
        name = sparkles[cause.sparkle]
        if cause.chained and ("" in entered or machine.state_name(cause.old) in entered):
            # A further change of one run, out of a state that has an on_enter: that is what asked for it.
            name = ON_ENTER
        labels = ways.setdefault(way, {})
        before = labels.get(name)
        labels[name] = Label(name, count + (before.count if before else 0), "seen")
    for way_out in source.exits:
        _add_exit(machine, ways, way_out)
    for (tail, head), labels in ways.items():
        for end in (tail, head):
            _add_mark(machine, end)
        arrow = _arrow(tail, head, labels, counts.get((tail, head), 0), machine)
        machine.arrows[arrow.id] = arrow
    _mark_seen_from_any(machine)
    machine.nodes = {name: machine.nodes[name] for name in _from_the_begin(machine)}


def _from_the_begin(machine: Machine) -> list[str]:
    """The nodes as one gets to them from the begin, step by step, the others behind: what comes first is drawn first."""
    following: dict[str, list[str]] = {name: [] for name in machine.nodes}
    for arrow in sorted(machine.arrows.values(), key=lambda it: it.id):
        following[arrow.tail].append(arrow.head)
    found: dict[str, None] = {}
    for start in (BEGIN, ANY, *machine.nodes):
        waiting = deque([start] if start in machine.nodes else [])
        while waiting:
            name = waiting.popleft()
            if name not in found:
                found[name] = None
                waiting.extend(following[name])
    return list(found)


def _ends(machine: Machine, move: Move) -> tuple[str, str]:
    tail = machine.node_of(move.old)
    return tail, END if move.new < 0 else machine.node_of(move.new)


def _add_exit(machine: Machine, ways: dict[tuple[str, str], dict[str, Label]], found: Exit) -> None:
    tail = ANY if found.state == ANY_STATE else BEGIN if found.state == NO_STATE else state_id(found.state)
    if tail not in machine.nodes and tail not in (ANY, BEGIN):
        return
    how: How = "source" if found.how != "computed" else "computed"
    if found.how == "again":
        head = tail
    elif found.target == NO_STATE:
        head = END
    elif not found.target:
        head = COMPUTED
    elif found.target in machine.states:
        head = state_id(found.target)
    else:
        head, how = f"unknown {found.target}", "unknown"
    labels = ways.setdefault((tail, head), {})
    place = Place(found.file, found.line)
    before = labels.get(found.sparkle)
    if before is None:
        labels[found.sparkle] = Label(found.sparkle, 0, how, place, found.via, found.how == "again")
    elif before.place is None:
        labels[found.sparkle] = replace(before, place=place, via=found.via)
    elif before.how == "computed" and how == "source":
        labels[found.sparkle] = replace(before, how=how)


def _add_mark(machine: Machine, node: str) -> None:
    if node in machine.nodes:
        return
    if node.startswith("unknown "):
        machine.nodes[node] = Node(node, "unknown", node.removeprefix("unknown "))
    else:
        marks: dict[str, Node] = {
            BEGIN: Node(BEGIN, "begin", "no state yet"),
            END: Node(END, "end", "stopped"),
            ANY: Node(ANY, "any", "any state"),
            COMPUTED: Node(COMPUTED, "computed", "computed"),
        }
        machine.nodes[node] = marks[node]


def _arrow(tail: str, head: str, labels: dict[str, Label], count: int, machine: Machine) -> Arrow:
    listed = tuple(sorted(labels.values(), key=lambda it: (-it.count, it.sparkle)))
    how: How
    if count or any(it.again and _has_run(machine, tail, it.sparkle) for it in listed):
        how = "seen"
    elif head not in machine.nodes or machine.nodes[head].kind == "unknown":
        how = "unknown"
    elif all(it.how == "computed" for it in listed):
        how = "computed"
    else:
        how = "source"
    return Arrow(arrow_id(tail, head), tail, head, listed, count, how)


def _has_run(machine: Machine, node: str, sparkle: str) -> bool:
    """Whether a sparkle ran in the state of a node: entering a state anew is no change that the stream tells of."""
    at = machine.nodes[node].index if node in machine.nodes else -1
    cell = machine.cells.get((at, sparkle))
    return cell is not None and cell.ran > 0


def _mark_seen_from_any(machine: Machine) -> None:
    """An arrow from *any state* counts as seen when its sparkle led there from some state."""
    seen: set[tuple[str, str]] = set()
    for arrow in machine.arrows.values():
        seen.update((label.sparkle, arrow.head) for label in arrow.labels if label.count)
    for arrow in list(machine.arrows.values()):
        if arrow.tail == ANY and any((label.sparkle, arrow.head) in seen for label in arrow.labels):
            labels = tuple(
                replace(label, how="seen") if (label.sparkle, arrow.head) in seen else label for label in arrow.labels
            )
            machine.arrows[arrow.id] = Arrow(arrow.id, arrow.tail, arrow.head, labels, 0, "seen")


# ---- the table -------------------------------------------------------------------------------------------------------


def _add_cells(known: Knowledge, machine: Machine, sparkles: dict[int, str]) -> None:
    handlers: dict[tuple[int, str], HandlerDefined] = {
        (it.sparkle, it.state): it for it in known.names.handlers(machine.cls)
    }
    counts: dict[tuple[int, int], list[int]] = {}
    for cell, count in known.machines.cells(set(sparkles)).items():
        counts.setdefault((cell.sparkle, cell.state), [0, 0])[cell.ignored] += count
    counted = {sparkle for sparkle, _ in counts}
    for number, name in sorted(sparkles.items(), key=lambda it: it[1]):
        if name.startswith("_ttss") or (_is_qualified(name) and number not in counted):
            continue
        machine.sparkles.append(name)
        for row in machine.rows:
            state = machine.states[row] if row >= 0 else ""
            own = handlers.get((number, state)) if state else None
            handler = own or handlers.get((number, ""))
            ran, ignored = counts.get((number, row), (0, 0))
            kind = "" if handler is None else "own" if own is not None else "generic"
            place = Place(handler.file, handler.line) if handler is not None and handler.file and handler.line else None
            facts = CellFacts(kind, handler.method if handler is not None else "", ran, ignored, place)
            machine.cells[row, name] = facts


def _is_qualified(name: str) -> bool:
    """Whether a sparkle's name has a state in it: then the one without is there as well."""
    return "_" in name.lstrip("_").partition("__")[0]


# ---- one tonic -------------------------------------------------------------------------------------------------------


def trail_of(known: Knowledge, essence: int, length: int = TRAIL_LENGTH) -> list[TransitionRow]:
    """The last changes of state of a tonic, the newest first; looks back over at most two million changes of all tonics."""
    table = known.transitions
    stop = len(table)
    first = max(table.first, table.count_at(known.app.first_n), stop - _TRAIL_ROWS)
    found: list[TransitionRow] = []
    step = 16_384
    while stop > first and len(found) < length:
        start = max(first, stop - step)
        hits = table.find("essence", essence, start)
        for index in reversed(hits[hits < stop].tolist()):
            found.append(table.row(index))
            if len(found) == length:
                break
        stop, step = start, step * 4
    return found


def passages(known: Knowledge, machine: Machine, arrow: Arrow, most: int = 500) -> list[TransitionRow]:
    """When an arrow was gone along, the newest first, as far as the table reaches back."""
    tail, head = machine.nodes.get(arrow.tail), machine.nodes.get(arrow.head)
    if tail is None or head is None or tail.kind == "any":
        return []
    old = tail.index if tail.kind == "state" else -1
    new = head.index if head.kind == "state" else -1
    table = known.transitions
    stop = len(table)
    first = max(table.first, table.count_at(known.app.first_n))
    found: list[TransitionRow] = []
    while stop > first and len(found) < most:
        start = max(first, stop - 65_536)
        hits = table.where(lambda columns: (columns["old"] == old) & (columns["new"] == new), start, stop)
        essences = table.column("essence", start, stop)[hits - start] if len(hits) else hits
        fits = known.essences.classes_of(essences) == machine.cls if len(hits) else hits
        for index in reversed(hits[fits].tolist() if len(hits) else []):
            found.append(table.row(index))
            if len(found) == most:
                break
        stop = start
    return found


def words_of(arrow: Arrow, nodes: dict[str, Node]) -> str:
    """An arrow as a sentence for tool tips and screen readers."""
    tail, head = nodes[arrow.tail].name, nodes[arrow.head].name
    causes = ", ".join(label_words(it) for it in arrow.labels) or arrow.without_cause
    seen = f"seen {figures.counted(arrow.count, 'time')}" if arrow.count else HOW_WORDS[arrow.how]
    return f"{tail} → {head}: {seen}; {causes}"


def label_words(label: Label) -> str:
    """A cause in words."""
    name = "to_state from outside" if label.sparkle == OUTSIDE else label.sparkle
    return f"{name} {figures.grouped(label.count)}×" if label.count else name


def in_reading_order(machine: Machine) -> Sequence[Arrow]:
    """The arrows as a table lists them: by where they begin, the busiest first."""
    places = {node: number for number, node in enumerate(machine.nodes)}
    return sorted(machine.arrows.values(), key=lambda it: (places[it.tail], -it.count, places[it.head]))
