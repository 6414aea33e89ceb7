"""Blocks of events of which some bytes are not what they were."""

from __future__ import annotations

import random


def break_some_bytes(chance: random.Random, block: bytearray) -> None:
    """Change a few bytes of a block, anywhere, or whole words to numbers beyond all measure."""
    for _ in range(chance.choice((1, 1, 2, 8))):
        place = chance.randrange(len(block) - 8) // 8 * 8
        if chance.random() < 0.6:
            block[chance.randrange(len(block))] = chance.randrange(256)
        else:
            block[place : place + 8] = chance.choice((b"\xff" * 8, bytes(7) + b"\x80", b"\xff" * 7 + b"\x7f", bytes(8)))
