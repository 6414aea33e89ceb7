"""``tasktonic trace show|info|export FILE``: a trace file from a shell."""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final

from tasktonic.events import Ran
from tasktonic.trace import perfetto
from tasktonic.trace.calls import Calls, call_line
from tasktonic.trace.file import ttTraceError, ttTraceFileError
from tasktonic.trace.reader import TraceReader
from tasktonic.trace.selecting import Selection, begin_of, walk
from tasktonic.trace.showing import duration, is_usual, line_of, object_of, printable
from tasktonic.trace.writer import why

OK: Final = 0
DAMAGED: Final = 1
USAGE: Final = 2

DESCRIPTION: Final = """\
Look into a trace file that `tasktonic record`, a flight recorder or a test has written.

  tasktonic trace info run.ttt                        what was recorded, how much, what is wrong with the file
  tasktonic trace show run.ttt --tonic pump           what happened, one line per event
  tasktonic trace show run.ttt --from 1.5 --to 2      between two times, in seconds since its first event
  tasktonic trace export run.ttt -o run.json          for ui.perfetto.dev, which opens that file
  tasktonic trace export run.ttt --format json -o -   every event as a JSON object, one per line
"""

EXIT_CODES: Final = """\
Exit codes: 0 well; 1 the file is damaged or no trace (what could be read was shown); 2 usage, or a file cannot be opened.
"""

_MOST_SECONDS: Final = 1e9
"""As no trace is that long; neither infinity nor what is no number is below it."""
_FORMATS: Final = ("perfetto", "json", "text")


def add_to(commands: Any) -> None:
    """Add the command ``trace`` to those of ``tasktonic``."""
    look = {"formatter_class": argparse.RawDescriptionHelpFormatter, "epilog": EXIT_CODES}
    trace = commands.add_parser(
        "trace", help="look into a trace file: info, show, export", description=DESCRIPTION, **look
    )
    actions = trace.add_subparsers(dest="action", required=True, metavar="ACTION")

    info = actions.add_parser("info", help="what was recorded, how much, what is wrong with the file", **look)
    info.add_argument("file", help="the trace, NAME.ttt")
    info.add_argument("--json", action="store_true", help="as one JSON object")

    show = actions.add_parser("show", help="what happened, one line per event", **look)
    show.add_argument("file", help="the trace, NAME.ttt")
    _add_selection(show)
    show.add_argument("--limit", type=_count, metavar="N", help="no more than N events")
    show.add_argument("--all", action="store_true", help="also orders, classes, who uses which service, and the like")
    show.add_argument("--json", action="store_true", help="as JSON objects, one per line")

    export = actions.add_parser("export", help="write it for another program", **look)
    export.add_argument("file", help="the trace, NAME.ttt")
    _add_selection(export)
    export.add_argument("--format", choices=_FORMATS, default="perfetto", help="perfetto (the default), json or text")
    export.add_argument(
        "-o", "--output", metavar="FILE", help="where to; - is the terminal; else NAME.json or NAME.txt"
    )


def run(options: argparse.Namespace) -> int:
    """Do what the arguments say; the exit code."""
    try:
        with TraceReader(options.file) as reader:
            if reader.notice:
                _remark(reader.notice)
            code = _ACTIONS[options.action](reader, options)
            if options.action != "info" and reader.condition:
                _remark(reader.condition)
            return code or (DAMAGED if reader.damage is not None else OK)
    except ttTraceFileError as error:
        _remark(str(error))
        return USAGE
    except ttTraceError as error:
        _remark(str(error))
        return DAMAGED


def _add_selection(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--tonic", action="append", default=[], metavar="NAME", help="only of this; * and ? match; again for more"
    )
    parser.add_argument(
        "--sparkle", action="append", default=[], metavar="NAME", help="only of this, such as 'ttsc__*'"
    )
    parser.add_argument(
        "--from", dest="from_s", type=_seconds, metavar="SECONDS", help="from then on, since the first event"
    )
    parser.add_argument("--to", dest="to_s", type=_seconds, metavar="SECONDS", help="up to then")


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text} is no number of events")
    return int(text)


def _seconds(text: str) -> float:
    with contextlib.suppress(ValueError):
        number = float(text)
        if abs(number) < _MOST_SECONDS:
            return number
    raise argparse.ArgumentTypeError(f"{text} is no number of seconds")


def _selection(options: argparse.Namespace) -> Selection:
    return Selection(tuple(options.tonic), tuple(options.sparkle), options.from_s, options.to_s)


def _remark(sentence: str) -> None:
    print(f"tasktonic: {printable(sentence)}", file=sys.stderr)


# ---- show and export


def _show(reader: TraceReader, options: argparse.Namespace) -> int:
    make = _json_lines if options.json else _text_lines
    selection = _selection(options)
    line = None
    for line in islice(make(reader, selection, everything=options.all or options.json), options.limit):
        print(line)
    if line is None and options.limit != 0 and selection != Selection():
        _remark("Nothing in this trace is as was asked for.")
    return OK


def _text_lines(reader: TraceReader, selection: Selection, *, everything: bool) -> Iterator[str]:
    begin_ns = begin_of(reader)
    calls = Calls(reader.distilled())
    for number, event, names in walk(reader, selection):
        if selection == Selection():
            yield from calls.lines_before(number)
        if everything or is_usual(event, names):
            line = line_of(number, event, names, begin_ns)
            yield f"{line}{calls.probes_of(event)}"
    if selection == Selection():
        yield from calls.lines_before(None)


def _json_lines(reader: TraceReader, selection: Selection, *, everything: bool) -> Iterator[str]:
    probes = {it.run: it for call in reader.distilled() for it in call.probes}
    for number, event, names in walk(reader, selection):
        told = object_of(number, event, names)
        if isinstance(event, Ran) and event.run in probes:
            told["probes"] = {"before": probes[event.run].before, "after": probes[event.run].after}
        yield json.dumps(told)


def _perfetto_pieces(reader: TraceReader, selection: Selection) -> Iterator[str]:
    yield '{"displayTimeUnit":"ns","traceEvents":['
    separator = ""
    for entry in perfetto.entries(reader, selection):
        yield f"{separator}{json.dumps(entry, separators=(',', ':'))}"
        separator = ",\n"
    yield "]}"


def _export(reader: TraceReader, options: argparse.Namespace) -> int:
    selection = _selection(options)
    pieces: Iterable[str]
    if options.format == "perfetto":
        pieces = _perfetto_pieces(reader, selection)
    else:
        make = _json_lines if options.format == "json" else _text_lines
        pieces = (f"{line}\n" for line in make(reader, selection, everything=True))
    ending = ".txt" if options.format == "text" else ".json"
    output = options.output or str(Path(options.file).with_suffix(ending).name)
    if output == "-":
        sys.stdout.writelines(pieces)
        return OK
    if Path(output).exists() and Path(output).samefile(options.file):
        _remark(f"{output} is the trace itself. Give another name with -o.")
        return USAGE
    try:
        with Path(output).open("w", encoding="utf-8", errors="backslashreplace") as file:
            file.writelines(pieces)
    except OSError as error:
        _remark(f"{output} cannot be written: {why(error)}.")
        return USAGE
    opens = " Open it in ui.perfetto.dev." if options.format == "perfetto" else ""
    print(f"{output} was written.{opens}")
    return OK


# ---- info


def _info(reader: TraceReader, options: argparse.Namespace) -> int:
    reader.check()
    about = _about(reader)
    if options.json:
        print(json.dumps(about, indent=2))
        return OK
    lines = [
        ("file", f"{reader.path}, {reader.size:,} bytes"),
        ("recorded", _recorded(about)),
        ("app", ", ".join(about["apps"])),
        ("program", about["program"]),
        ("process", about["process"]),
        (
            "events",
            f"{about['events']:,}: {about['orders']:,} orders, {about['runs']:,} runs, {about['facts']:,} facts",
        ),
        ("bytes/event", f"{reader.size / about['events']:.1f}" if about["events"] else ""),
        ("time", duration(about["duration_ns"])),
        ("keyframes", str(about["keyframes"])),
        ("sources", _files(len(about["sources"]))),
        ("not recorded", about["lost"]),
        ("not kept", about["not_kept"]),
        ("ended", about["ended"]),
        ("condition", about["condition"] or "sound"),
    ]
    for title, text in lines:
        if text:
            print(f"{title:13} {printable(text)}")
    for call in reader.distilled():
        print(f"{'distilled':13} {printable(call_line(call))}")
        for line in (*(f"contract: {line}" for line in call.contract), *(f"met: {line}" for line in call.met)):
            print(f"{'':13}   {printable(line)}")
        print(f"{'':13}   {printable(call.outcome)}")
    for mark in about["marks"]:
        print(f"{'mark':13} {printable(' '.join((duration(mark['after_ns']), mark['note'])).rstrip())}")
    return OK


def _lost(reader: TraceReader, end: dict[str, Any]) -> tuple[int, int]:
    """Orders and runs that were left out. A file that was closed says it; of one that was cut off the gaps are added up."""
    if "lost_orders" in end:
        return _number(end, "lost_orders"), _number(end, "lost_runs")
    gaps = [gap for _, gap in reader.gaps()]
    return sum(gap.orders for gap in gaps), sum(gap.runs for gap in gaps)


def _about(reader: TraceReader) -> dict[str, Any]:
    """What can be said of it; all of it looked at twice, as the file may say anything."""
    meta, spans = reader.meta, reader.spans
    orders, runs = sum(span.orders for span in spans), sum(span.runs for span in spans)
    ends = [span.end_ns for span in spans if span.end_ns]
    end = meta.get("end")
    end = end if isinstance(end, dict) else {}
    lost_orders, lost_runs = _lost(reader, end)
    apps = meta.get("apps")
    known = [app for app in apps if isinstance(app, dict)] if isinstance(apps, list) else []
    argv = meta.get("argv")
    words = [_text(meta, "script"), *(map(str, argv) if isinstance(argv, list) else ())]
    events = max(orders + runs, reader.events - lost_orders - lost_runs)
    return {
        "kind": _text(meta, "kind"),
        "recorded": _moment(_number(meta, "wall_ns")),
        "virtual_time": _text(meta, "kind") == "distiller",
        "apps": [_text(app, "name") + (f" ({problem})" if (problem := _text(app, "problem")) else "") for app in known],
        "program": " ".join(words).strip(),
        "process": _process(meta),
        "events": events,
        "orders": orders,
        "runs": runs,
        "facts": events - orders - runs,
        "duration_ns": max(0, ends[-1] - begin_of(reader)) if ends else 0,
        "keyframes": len(reader.keyframes),
        "sources": [source.file for source in reader.sources()],
        "lost": f"{lost_orders:,} orders and {lost_runs:,} runs came too fast" if lost_orders or lost_runs else "",
        "not_kept": _not_kept(reader),
        "marks": [
            {"event": mark.event, "after_ns": max(0, mark.t_ns - begin_of(reader)), "note": mark.note}
            for mark in reader.marks()
        ],
        "distilled": [
            {**call._asdict(), "probes": [probes._asdict() for probes in call.probes]} for call in reader.distilled()
        ],
        "ended": _text(end, "reason"),
        "condition": reader.condition,
        "damaged_at": None if reader.damage is None else reader.damage.place,
        "lost_bytes": 0 if reader.damage is None else reader.damage.lost_bytes,
    }


def _not_kept(reader: TraceReader) -> str:
    before = reader.not_kept
    return f"{before:,} events that came before: they had been dropped when the run was saved" if before else ""


def _recorded(about: dict[str, Any]) -> str:
    """When it was; of a test there is nothing but the clock of its distiller."""
    if about["virtual_time"]:
        return f"in virtual time: by a distiller's clock, which began at {about['recorded'] or 'no moment at all'}"
    return str(about["recorded"])


def _process(meta: dict[str, Any]) -> str:
    parts = {"process": meta.get("pid"), "Python": meta.get("python"), "tasktonic": meta.get("framework")}
    return ", ".join(f"{name} {value}" for name, value in parts.items() if isinstance(value, (int, str)))


def _files(count: int) -> str:
    return "none" if not count else "1 file" if count == 1 else f"{count} files"


def _text(meta: dict[str, Any], name: str) -> str:
    value = meta.get(name)
    return value if isinstance(value, str) else ""


def _number(meta: dict[str, Any], name: str) -> int:
    value = meta.get(name)
    return value if isinstance(value, int) else 0


def _moment(wall_ns: int) -> str:
    with contextlib.suppress(OverflowError, OSError, ValueError):
        if wall_ns > 0:
            return datetime.fromtimestamp(wall_ns / 1e9, UTC).astimezone().strftime("%Y-%m-%d %H:%M:%S %z")
    return ""


_ACTIONS: Final[dict[str, Callable[[TraceReader, argparse.Namespace], int]]] = {
    "info": _info,
    "show": _show,
    "export": _export,
}
