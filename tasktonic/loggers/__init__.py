"""Readers of the stream that write for people. ``tasktonic/log/to`` names them."""

from .record import LogRecord
from .service import ttLogService
from .targets import close_targets, make_targets, open_targets, shown_elsewhere

__all__ = ["LogRecord", "close_targets", "make_targets", "open_targets", "shown_elsewhere", "ttLogService"]
