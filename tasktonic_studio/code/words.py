"""Words of the framework that no source of a project says: hooks and settings, each with what it means."""

from __future__ import annotations

from typing import Final

HOOKS: Final = {
    "ttse__on_start": "Called once, as the first sparkle of the tonic.",
    "ttse__on_finished": "Called as the last sparkle of the tonic: it ends.",
    "ttse__on_enter": "Called when a state is entered that has no such hook of its own.",
    "ttse__on_exit": "Called when a state is left that has no such hook of its own.",
    "ttse__on_error": "Called with what went wrong in a sparkle of the tonic.",
    "ttse__on_timer": "Called by a timer that has no name, or no handler named after it.",
}
"""Sparkles that the framework calls by itself."""

WITH_STATE: Final = {
    "ttse__on_enter": "Called when {} is entered.",
    "ttse__on_exit": "Called when {} is left.",
    "ttse__on_timer": "Called by a timer, in {}.",
}
"""Those of them that are often written for one state, and what they mean then."""

PREFIXES: Final = {
    "ttsc": "command",
    "ttse": "event",
    "tts": "internal sparkle",
    "_tts": "internal sparkle",
    "_ttss": "system sparkle",
    "ttqt": "signal of a widget",
}

SETTINGS: Final = {
    "tasktonic/project/name": "What the app is called.",
    "tasktonic/project/started@": "When the app began, in seconds since 1970; set by itself.",
    "tasktonic/project/status": "starting, running, finishing or finished; set by itself.",
    "tasktonic/log/to": "Where the log goes: screen, off, logging, file, or log services of your own.",
    "tasktonic/log/default": "Log mode of whoever says nothing: stealth, off, quiet or full.",
    "tasktonic/log/service#": "Registers a log service of your own.",
    "tasktonic/log/service./name": "The name of the log service that was registered just before.",
    "tasktonic/log/file/path": "File of the log.",
    "tasktonic/log/file/max_bytes": "How large the file of the log gets before another begins.",
    "tasktonic/log/file/backups": "How many older files of the log are kept.",
    "tasktonic/error/policy": "What follows an error that nobody took: continue, finish or stop.",
    "tasktonic/shutdown/timeout": "Seconds that threads and offloaded work may take to end.",
    "tasktonic/pool/threads": "How many threads do offloaded work at a time.",
    "tasktonic/pool/processes": "How many processes do offloaded work at a time.",
    "tasktonic/pool/queue": "How much offloaded work may wait.",
    "tasktonic/probe/hide": "Names whose values are hidden from whoever watches or records.",
    "tasktonic/record/to": "The trace file into which the app is recorded.",
    "tasktonic/record/level": "How much is recorded: facts, flow or previews.",
    "tasktonic/record/sources": "Whether the source of the app goes into the trace.",
    "tasktonic/flight/to": "Where the flight recorder writes; switches it on.",
    "tasktonic/flight/seconds": "How far back the flight recorder reaches.",
    "tasktonic/flight/megabytes": "How much memory the flight recorder takes.",
    "tasktonic/flight/on": "When the flight recorder writes: error, thread, signal, fatal.",
    "tasktonic/flight/sources": "Whether the source of the app goes into what the flight recorder writes.",
    "tasktonic/testing/dont_start_catalysts": "Build the app, run nothing.",
    "tasktonic/testing/distiller": "Put a distiller in the place of the main catalyst.",
    "tasktonic/testing/distiller/seed": "Another order in which the distiller lets catalysts run.",
    "tasktonic/testing/distiller/clock": "Time under the distiller: auto, virtual or real.",
    "tasktonic/testing/distiller/raise_errors": "Whether an error that nobody took is raised.",
    "tasktonic/testing/most_turns": "Turns that lead nowhere after which a run is taken for endless.",
    "tasktonic/testing/patience": "Seconds that a run without a timeout waits for the outside world.",
    "tasktonic/testing/wall_clock": "Where the wall clock of virtual time begins.",
}
"""What ``creating_formula`` may set, as in ``docs/settings.md``."""
