"""Recording that the environment or a formula asks for. Loaded only then; an app never fails because of it.

``TASKTONIC_RECORD=run.ttt`` records all apps of a process, until it ends. The setting ``tasktonic/record/to`` records one app;
``tasktonic/record/level`` is ``facts``, ``flow`` or ``previews`` (the default: with short descriptions of arguments), and
``tasktonic/record/sources`` off leaves the text of source files out. ``TASKTONIC_FLIGHT`` and ``tasktonic/flight/to`` switch the flight
recorder on; ``tasktonic/flight/seconds``, ``…/megabytes``, ``…/on`` (occasions, with commas between) and ``…/sources`` tune it.

In a path ``{pid}`` stands for the process, ``{app}`` for the number of the app in it, ``{time}`` for the time of its start.
"""

from __future__ import annotations

import atexit
import os
import time
from typing import Any, Final

from tasktonic.errors import ttSettingError
from tasktonic.ledger import ttLedger
from tasktonic.recorder import flight
from tasktonic.recorder.about import how_it_ended, say
from tasktonic.recorder.to_file import Recorder, record
from tasktonic.stream import Level
from tasktonic.trace.file import ttTraceFileError

_LEVELS: Final = {"facts": Level.FACTS, "flow": Level.FLOW, "previews": Level.PREVIEWS}

_of_app: list[Recorder] = []
"""Recorders that end with the app that runs."""
_flight_of_app: list[flight.FlightRecorder] = []


def begin() -> None:
    """An app begins: start what is asked for. What only concerns this process is taken out of the environment, so that
    children are apps of their own and do not write into the same file.
    """
    for wish in (_record_process, _record_app, _fly_process, _fly_app):
        try:
            wish()
        except (ttTraceFileError, ValueError, TypeError) as error:
            say(f"{error} Nothing is recorded; the app runs on.")


def end() -> None:
    """The app has ended, and with it what was started for it."""
    while _of_app:
        _of_app.pop().stop("The app has ended.")
    while _flight_of_app:
        if _flight_of_app.pop() is flight.current():
            flight.stop()


def _record_process() -> None:
    path = os.environ.pop("TASKTONIC_RECORD", "").strip()
    if path:
        recorder = record(_filled_in(path), **_record_settings())
        atexit.register(_process_ends, recorder)


def _process_ends(recorder: Recorder) -> None:
    problem = how_it_ended()
    recorder.stop(f"The program ended by {problem}" if problem else "The program has ended.")
    if not recorder.problem and recorder.is_of_this_process:
        orders, runs = recorder.lost
        lost = f" {orders:,} orders and {runs:,} runs came too fast and are missing." if orders or runs else ""
        say(f"{recorder.events:,} events were recorded in {recorder.path}.{lost}")


def _record_app() -> None:
    path = ttLedger().formula.get("tasktonic/record/to")
    if path:
        _of_app.append(record(_filled_in(path), **_record_settings()))


def _record_settings() -> dict[str, Any]:
    formula = ttLedger().formula
    level = str(formula.get("tasktonic/record/level", "previews"))
    if level not in _LEVELS:
        raise ttSettingError(f"tasktonic/record/level = {level!r}: no such level; there are {', '.join(_LEVELS)}.")
    return {"level": _LEVELS[level], "with_sources": bool(formula.get("tasktonic/record/sources", True))}


def _fly_process() -> None:
    path = os.environ.pop("TASKTONIC_FLIGHT", "").strip()
    if path:
        flight.start(_filled_in(path), **_flight_settings())


def _fly_app() -> None:
    path = ttLedger().formula.get("tasktonic/flight/to")
    if path:
        _flight_of_app.append(flight.start(_filled_in(path), **_flight_settings()))


def _flight_settings() -> dict[str, Any]:
    formula = ttLedger().formula
    on = formula.get("tasktonic/flight/on", flight.OCCASIONS)
    if isinstance(on, str):
        on = [word.strip() for word in on.split(",") if word.strip()]
    return {
        "seconds": float(formula.get("tasktonic/flight/seconds", flight.SECONDS)),
        "megabytes": float(formula.get("tasktonic/flight/megabytes", flight.MEGABYTES)),
        "on": on,
        "with_sources": bool(formula.get("tasktonic/flight/sources", True)),
    }


def _filled_in(path: Any) -> str:
    text = os.fspath(path)
    for word, value in (
        ("{pid}", str(os.getpid())),
        ("{app}", str(ttLedger().app_number)),
        ("{time}", time.strftime("%Y%m%d-%H%M%S")),
    ):
        text = text.replace(word, value)
    return str(text)
