"""Breakpoints in a running app: catalysts are held where a rule says, or the stream says that it was met.

``rules`` says what a breakpoint is. Who sets some is their owner and sets them as a whole list; ids are the owner's own. With
none set, nothing here is asked: the loops take their orders straight from the queue. With some, a ``Guard`` stands at
the queue of each catalyst, and looks only at orders of the classes and sparkles that a breakpoint is about.
"""

from .engine import Breaker, breaker

__all__ = ["Breaker", "breaker"]
