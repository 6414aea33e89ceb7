"""Breakpoints as data: what they say, in words, and whether a moment fits them.

Nothing here touches a running app: the app asks it of what is about to run, and a studio asks it of what was recorded.
"""

from .breakpoint import KINDS, Breakpoint, Term, ttBreakpointError
from .matching import Failing, Moment, Stored, Subject, Switched, fits, is_about, matches_name
from .words import sentence_of, words_of

__all__ = [
    "KINDS",
    "Breakpoint",
    "Failing",
    "Moment",
    "Stored",
    "Subject",
    "Switched",
    "Term",
    "fits",
    "is_about",
    "matches_name",
    "sentence_of",
    "ttBreakpointError",
    "words_of",
]
