"""How times, durations, rates and counts are written, everywhere in the window. Pure functions, no Qt."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

NARROW_SPACE: Final = "\u202f"
"""Between groups of digits, and between a figure and its unit: it does not break over lines."""

_SECOND: Final = 1_000_000_000
_HOUR_MS: Final = 3_600_000
_UNITS: Final = ((1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "µs"), (1, "ns"))


def moment(t_ns: int, began_ns: int) -> str:
    """A time of the app since its begin: ``12.345 s``, from an hour on ``8:38:07.723``.

    Always three decimals, so that columns line up. Virtual time goes on for days.
    """
    if t_ns < began_ns:
        return "−" + moment(began_ns, t_ns)
    milliseconds = round((t_ns - began_ns) / 1_000_000)
    if milliseconds < _HOUR_MS:
        return f"{milliseconds / 1_000:.3f}{NARROW_SPACE}s"
    minutes, milliseconds = divmod(milliseconds, 60_000)
    return f"{grouped(minutes // 60)}:{minutes % 60:02d}:{milliseconds // 1_000:02d}.{milliseconds % 1_000:03d}"


def duration(ns: int) -> str:
    """A length of time in the unit that suits it, with three digits at most before the unit grows: ``4.21 ms``.

    Seconds that would need a fourth digit become ``16 min 40 s``, ``21 h 43 min`` and ``11 d 14 h``.
    """
    if ns < 0:
        return "−" + duration(-ns)
    if ns < 1_000:
        return f"{ns}{NARROW_SPACE}ns"
    for factor, unit in _UNITS:
        value = ns / factor
        # 999.7 µs is written as 1.00 ms: rounding must not make a fourth digit.
        if value >= 0.9995:
            if factor == _SECOND and value >= 999.5:
                return _long_duration(round(value))
            decimals = 2 if value < 9.995 else 1 if value < 99.95 else 0
            return f"{value:.{decimals}f}{NARROW_SPACE}{unit}"
    return f"{ns}{NARROW_SPACE}ns"


def _long_duration(seconds: int) -> str:
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        parts = (days, "d", hours, "h")
    elif hours:
        parts = (hours, "h", minutes, "min")
    else:
        parts = (minutes, "min", seconds, "s")
    first, unit, second, smaller = parts
    return f"{grouped(first)}{NARROW_SPACE}{unit} {second}{NARROW_SPACE}{smaller}"


def age(ns: int, *, is_over: bool = False) -> str:
    """How long ago, coarse on purpose, so that a column of it is calm: ``now``, ``3 s``, ``2 min``, ``1 h``.

    ``is_over``: nothing more will come, so what was last is not now but ``at the end``.
    """
    seconds = ns // _SECOND
    if seconds < 1:
        return "at the end" if is_over else "now"
    if seconds < 60:
        return f"{seconds}{NARROW_SPACE}s"
    if seconds < 3_600:
        return f"{seconds // 60}{NARROW_SPACE}min"
    if seconds < 86_400:
        return f"{seconds // 3_600}{NARROW_SPACE}h"
    return f"{seconds // 86_400}{NARROW_SPACE}d"


def rate(per_second: float) -> str:
    """Events per second: ``0.4``, ``12``, ``1 240``, ``48.2 k``. Nothing at all for none.

    Rates are counted over about a second: above one, decimals would only say how that second was cut.
    """
    if per_second < 0.05:
        return ""
    if per_second < 0.95:
        return f"{per_second:.1f}"
    if per_second < 9_999.5:
        return grouped(round(per_second))
    if per_second < 999_500:
        return f"{per_second / 1_000:.1f}{NARROW_SPACE}k"
    return f"{per_second / 1_000_000:.2f}{NARROW_SPACE}M"


def grouped(number: int) -> str:
    """A whole number in groups of three: ``12 345``."""
    return f"{number:,}".replace(",", NARROW_SPACE)


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its word: ``1 line``, ``34 lines``."""
    return f"{grouped(number)} {one if number == 1 else many or one + 's'}"


def ordinal(number: int) -> str:
    """``1st``, ``2nd``, ``11th``, ``23rd``."""
    last = number % 10 if number % 100 not in (11, 12, 13) else 0
    return f"{grouped(number)}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(last, 'th') }"


def short(text: str, limit: int = 120) -> str:
    """A name or value of bounded length on one line: what an app calls its things is up to the app."""
    if len(text) > limit:
        text = text[:limit] + "…"
    return " ".join(text.split()) if "\n" in text or "\t" in text else text


def tabbed(texts: Iterable[str]) -> str:
    """The cells of a row as one line with tabs, as it is copied: other programs know no narrow spaces."""
    return "\t".join(texts).replace(NARROW_SPACE, " ")
