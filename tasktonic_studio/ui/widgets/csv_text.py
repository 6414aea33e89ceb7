"""Values as lines of CSV, as a spreadsheet takes them. No Qt; any thread."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def csv_lines(fields: Iterable[str], rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """A heading and one line per row, each with its end of line."""
    yield csv_line(fields)
    for row in rows:
        yield csv_line(row)


def csv_line(values: Iterable[object]) -> str:
    """One line. None is an empty cell, truth is ``yes`` or empty."""
    return ",".join(map(_cell, values)) + "\r\n"


def _cell(value: object) -> str:
    """A cell. What a spreadsheet would take for a formula is kept from being one by a leading apostrophe."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, (int, float)):
        return str(value)
    text = str(value)
    if text[:1] in ("=", "+", "-", "@") and not _is_number(text):
        text = "'" + text
    return '"' + text.replace('"', '""') + '"' if any(sign in text for sign in ',"\r\n') else text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
