"""Columns in characters. Python counts those of syntax trees in bytes of UTF-8."""

from __future__ import annotations


def in_characters(line: str, count: int) -> int:
    """How many characters of a line its first bytes are."""
    if line.isascii():
        return min(count, len(line))
    return len(line.encode("utf-8", "surrogatepass")[:count].decode("utf-8", "ignore"))
