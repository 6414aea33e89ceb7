"""A machine as text for others: Mermaid for documents, CSV for tables. No Qt."""

from __future__ import annotations

import re
from itertools import product
from typing import Final

from tasktonic_studio.ui.panels.state_machine.machine import BEGIN, END, Machine, in_reading_order, label_words
from tasktonic_studio.ui.widgets.csv_text import csv_lines

_PLAIN: Final = re.compile(r"[A-Za-z_]\w*\Z")
_RESERVED: Final = frozenset({"state", "end", "note", "direction", "class", "style", "as"})
_CODES: Final = str.maketrans({sign: f"#{ord(sign)};" for sign in '#";:<>'})


def mermaid(machine: Machine) -> str:
    """The diagram in the language of Mermaid. What was not seen is said so in the label: it has no dashed arrows."""
    lines = ["stateDiagram-v2", f"    %% {_one_line(machine.name)}"]
    names = {BEGIN: "[*]", END: "[*]"}
    for number, node in enumerate(machine.nodes.values()):
        if node.id in names:
            continue
        is_plain = node.kind == "state" and _PLAIN.match(node.name) and node.name not in _RESERVED
        names[node.id] = node.name if is_plain else f"s{number}"
        words = f"{node.name} (no such state)" if node.kind == "unknown" else node.name
        if not is_plain:
            lines.append(f'    state "{_quoted(words)}" as {names[node.id]}')
    joined = {end for arrow in machine.arrows.values() for end in (arrow.tail, arrow.head)}
    lines += [f"    {names[it.id]}" for it in machine.nodes.values() if it.kind == "state" and it.id not in joined]
    for arrow in in_reading_order(machine):
        labels = [label_words(label) for label in arrow.labels] or [f"{arrow.without_cause} {arrow.count}×"]
        words = ", ".join(labels) + ("" if arrow.how == "seen" else f" ({arrow.how})")
        lines.append(f"    {names[arrow.tail]} --> {names[arrow.head]} : {_quoted(words)}")
    return "\n".join(lines) + "\n"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _quoted(text: str) -> str:
    """Signs that mean something to Mermaid as their codes."""
    return _one_line(text).translate(_CODES)


def table_csv(machine: Machine) -> str:
    """The table of states and sparkles, one line per pair, with everything in columns of its own."""
    fields = ("class", "state", "sparkle", "handler", "method", "ran", "ignored")
    return "".join(csv_lines(fields, (_values(machine, *place) for place in product(machine.rows, machine.sparkles))))


def _values(machine: Machine, state: int, sparkle: str) -> tuple[object, ...]:
    """A line of the table; no state is an empty cell, as in the trace."""
    cell = machine.cells[state, sparkle]
    handler = {"own": "handled"}.get(cell.handler, cell.handler)
    name = machine.state_name(state) if state >= 0 else ""
    return machine.name, name, sparkle, handler, cell.method, cell.ran, cell.ignored
