"""Who was born when, where and by which run: kept also of those that ended long ago and were forgotten."""

from __future__ import annotations

from typing import NamedTuple


class BirthFacts(NamedTuple):
    """One birth. `run` is the number of the run in which it happened, 0 for none; `born_ns` is 0 when the birth
    was not seen.

    `n` is where in the stream it was told, `context` and `catalyst` are ids, -1 for none.
    """

    n: int
    essence: int
    name: str
    cls: int
    context: int
    catalyst: int
    service: str
    run: int
    born_ns: int
