"""A trace for people to read."""

from __future__ import annotations

import sys
from typing import Any, TextIO

from ..trace.trace import Trace
from ..values import preview

_NAME_WIDTH = 18
_CALL_WIDTH = 34


def print_trace(trace: Trace, file: TextIO | None = None) -> None:
    """Print a trace as a table, to ``sys.stdout`` unless told otherwise."""
    text = "\n".join(lines(trace)) + "\n"
    (sys.stdout if file is None else file).write(text)


def lines(trace: Trace) -> list[str]:
    """The lines of the table."""
    rows = trace["sparkle_trace"]
    time = f"from {trace['start@']:.3f} s to {trace['end@']:.3f} s"
    count = f"{len(rows)} sparkle{'' if len(rows) == 1 else 's'}"
    found = [f"{count} {time}; {trace['status']}; stopped by {', '.join(trace['stop_condition'])}"]
    for row in rows:
        found += _of_row(row)
    if trace["hooks"]:
        found.append("hooks that none of these caused:")
        found += [_of_hook(hook) for hook in trace["hooks"]]
    details = trace["contract_details"]
    if details:
        found.append(f"contract: {details['match_count']} of {details['target_count']} met")
        found += [f"    {tonic}: {', '.join(met)}" for tonic, met in details["matched_tonics"].items()]
    return found


def _of_row(row: dict[str, Any]) -> list[str]:
    enter, leave = row["at_enter"], row["at_exit"]
    arguments = [*(preview(a) for a in row["args"]), *(f"{k}={preview(v)}" for k, v in row["kwargs"].items())]
    call = f"{row['sparkle']}({', '.join(arguments)})"
    state = enter["state"] if enter["state"] == leave["state"] else f"{enter['state']} → {leave['state']}"
    remarks = [
        f"[{state}]" if state != "--" else "",
        "ignored" if not row["handler"] else "",
        f"from {row['source']}" if row["source"] else "",
        *(_of_probe(name, enter["probes"], leave["probes"]) for name in {**enter["probes"], **leave["probes"]}),
    ]
    text = (
        f"{enter['@']:10.3f}  {row['tonic']:<{_NAME_WIDTH}}  {call:<{_CALL_WIDTH}}  {'  '.join(filter(None, remarks))}"
    )
    return [text.rstrip(), *(_of_hook(hook) for hook in row["hooks"])]


def _of_hook(hook: dict[str, Any]) -> str:
    return f"{hook['@']:10.3f}  {hook['tonic']:<{_NAME_WIDTH}}    {hook['handler']}"


def _of_probe(name: str, before: dict[str, Any], after: dict[str, Any]) -> str:
    old = preview(before[name]) if name in before else "?"
    new = preview(after[name]) if name in after else "?"
    return f"{name}={new}" if old == new else f"{name}={old} → {new}"
