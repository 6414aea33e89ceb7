"""The rows that an outline has in its list: sparkles of one state stand under a row for the state. Pure."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Final, NamedTuple

from tasktonic_studio.analysis.outline import Item

_PORTION: Final = 1_000


class Row(NamedTuple):
    """One row of the list."""

    parent: int
    """The number of another one at the same top, -1 for none."""
    words: str
    line: int
    last: int
    """-1 for one that stands for no part of the text."""


_Inside = list[tuple[Row, list[int]]]
"""Rows, each with the numbers of the items in it."""


def blocks_of(items: Sequence[Item]) -> Generator[None, None, list[list[Row]]]:
    """For each item at the top its row and those in it, each behind the one that it is in; made in portions."""
    children: dict[int, list[int]] = {}
    around: list[int] = []
    for number, item in enumerate(items, 1):
        del around[item.depth :]
        children.setdefault(around[-1] if around else -1, []).append(number - 1)
        around.append(number - 1)
        if number % (_PORTION * 4) == 0:
            yield
    blocks: list[list[Row]] = []
    made = 0
    for top in children.get(-1, ()):
        # Without recursion: what is half typed may stand a thousand deep.
        todo: _Inside = [(_row(items[top], -1), children.get(top, []))]
        blocks.append([])
        while todo:
            row, inside = todo.pop()
            blocks[-1].append(row)
            todo.extend(reversed(_inside(items, children, inside, len(blocks[-1]) - 1, is_state=row.last < 0)))
            made += 1
            if made % _PORTION == 0:
                yield
    return blocks


def keys_of(block: Sequence[Row]) -> tuple[str, ...]:
    """A name for each row that outlives an edit elsewhere."""
    keys: list[str] = []
    for row in block:
        keys.append(f"{keys[row.parent] if row.parent >= 0 else ''}/{row.words}")
    return tuple(keys)


def _inside(
    items: Sequence[Item], children: dict[int, list[int]], numbers: list[int], parent: int, *, is_state: bool
) -> _Inside:
    by_state: dict[str, list[int]] = {}
    for number in numbers:
        by_state.setdefault("" if is_state else items[number].state, []).append(number)
    plain = by_state.pop("", [])
    found = [(_row(items[number], parent), children.get(number, [])) for number in plain]
    return found + [(Row(parent, f"state {it}", items[mine[0]].line, -1), mine) for it, mine in by_state.items()]


def _row(item: Item, parent: int) -> Row:
    words = f"class {item.name}" if item.kind == "class" else item.called or item.name
    return Row(parent, words, item.line, item.last)
