"""The standard library's logging, as if each tonic had a logger ``tasktonic.<name>``.

| event                           | level   |
|---------------------------------|---------|
| ``created``, ``finished``, ``said`` | INFO    |
| ``ran``                         | DEBUG   |
| ``dropped``                     | WARNING |
| ``raised``                      | ERROR   |

The fields ``tonic``, ``tonic_id``, ``event``, ``sparkle``, ``state_before`` and ``state_after`` can be used in formats
and filters, ``created`` is the time when it happened.
"""

from __future__ import annotations

import logging
from typing import Final

from .record import CREATED, DROPPED, FINISHED, ITSELF, RAISED, RAN, SAID, LogRecord
from .service import ttLogService

LEVELS: Final = {
    CREATED: logging.INFO,
    FINISHED: logging.INFO,
    SAID: logging.INFO,
    RAN: logging.DEBUG,
    DROPPED: logging.WARNING,
    RAISED: logging.ERROR,
}


class StandardLog(ttLogService):
    """The target ``logging``. What comes of it is up to the handlers and levels that the program has set there.

    The library keeps every logger it ever made. So a tonic that nobody named in the set-up of logging gets none: its records
    carry the name ``tasktonic.<name>``, and the nearest logger above that exists handles them. That is what a logger
    without settings of its own does, too.
    """

    def write(self, record: LogRecord) -> None:
        name = ITSELF if record.id < 0 else f"{ITSELF}.{record.name}"
        logger = _nearest(name)
        level = LEVELS[record.event]
        if not logger.isEnabledFor(level):
            return
        fields = {
            "tonic": record.name,
            "tonic_id": record.id,
            "event": record.event,
            "sparkle": record.sparkle,
            "state_before": record.before,
            "state_after": record.after,
        }
        made = logger.makeRecord(name, level, "", 0, record.line, (), None, record.sparkle or None, fields)
        started = made.created - made.relativeCreated / 1000
        made.created, made.msecs = record.time, float(int(record.time * 1000) % 1000)
        made.relativeCreated = (record.time - started) * 1000
        if record.traceback:
            made.exc_text = record.traceback.rstrip()
        if logger.name == name:
            logger.handle(made)
        else:
            logger.callHandlers(made)  # without the filters of the logger above: they are for its own records


def _nearest(name: str) -> logging.Logger:
    """The logger that a program has made under this name, or the nearest above it."""
    while name:
        found = logging.Logger.manager.loggerDict.get(name)
        if isinstance(found, logging.Logger):
            return found
        name = name.rpartition(".")[0]
    return logging.getLogger()
