"""What a hit is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasktonic.rules import Moment

if TYPE_CHECKING:
    from tasktonic.essence import ttEssence


def hit_words(moment: Moment, essence: ttEssence | None) -> str:
    """Where and at what: ``before pump.ttsc__open, from door.ttse__on_start``."""
    who = moment.who.name if moment.who is not None else "outside" if essence is None else essence.name
    place = f"{who}.{moment.sparkle}" if moment.sparkle else who
    if moment.before:
        source = f"{moment.source.name}." if moment.source is not None else ""
        return f"before {place}, from {source}{moment.via or 'outside'}"
    came = [f"{switched.who.name}: {switched.old} → {switched.new}" for switched in moment.switched]
    came += [f"{stored.path} changed" for stored in moment.stored]
    came += [f"{failing.kinds[0]} raised" for failing in moment.failing]
    if moment.took_ns:
        came.append(f"took {moment.took_ns / 1e6:.3g} ms")
    return f"after {place}" + (f": {', '.join(came)}" if came else "")
