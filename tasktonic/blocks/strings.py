"""The table of strings that blocks refer to by number."""

from __future__ import annotations

from collections.abc import Iterable

from tasktonic.blocks.layout import FULL_CHARACTERS, FULL_STRINGS, MAX_CHARACTERS, MAX_NAME, MAX_STRINGS, ttBlockError


class StringTable:
    """The strings of one connection or file, by number; writer and reader keep equal ones.

    Both begin empty. The writer's grows while it encodes, and each block carries what is new. ``strings`` is only ever
    appended to, and replaced by another list when a new generation begins, so a decoded block may keep it.

    Not safe for use by two threads at once.
    """

    __slots__ = ("_characters", "_numbers", "_sent", "generation", "strings")

    def __init__(self) -> None:
        self.generation = 0
        self.strings: list[str] = []
        self._numbers: dict[str, int] = {}
        self._characters = 0
        self._sent = 0

    def __len__(self) -> int:
        return len(self.strings)

    # ---- for the writer

    def numbers(self, column: Iterable[str]) -> list[int]:
        """The numbers of these strings; new ones are added. Raises TypeError when one is no plain string."""
        numbers = self._numbers
        if not numbers:
            # Number 0 is the empty string in every table: what a column that is not there refers to.
            numbers[""] = 0
            self.strings.append("")
        for string in set(column).difference(numbers):
            if type(string) is not str:
                raise TypeError(string)
            numbers[string] = len(self.strings)
            self.strings.append(cut(string, MAX_NAME))
            self._characters += len(self.strings[-1])
        return list(map(numbers.__getitem__, column))

    @property
    def is_full(self) -> bool:
        """Whether it is time for a new generation: the whole table must still fit in one block."""
        return len(self.strings) >= FULL_STRINGS or self._characters >= FULL_CHARACTERS

    def begin_generation(self) -> None:
        """Forget all strings; the next block begins a table of its own."""
        self.generation += 1
        self.strings = []
        self._numbers = {}
        self._characters = 0
        self._sent = 0

    def take_unsent(self) -> tuple[int, list[str]]:
        """The number of the first string that no block has carried yet, and all from there; they count as carried now."""
        base = self._sent
        self._sent = len(self.strings)
        return base, self.strings[base:]

    def sent(self) -> list[str]:
        """All strings that blocks have carried."""
        return self.strings[: self._sent]

    def forget_from(self, base: int) -> None:
        """Undo the additions from number ``base`` on: the block that carried them is not sent."""
        del self.strings[base:]
        self._numbers = {string: number for string, number in self._numbers.items() if number < base}
        self._characters = sum(map(len, self.strings))
        self._sent = min(self._sent, base)

    # ---- for the reader

    def learn(self, generation: int, base: int, added: list[str]) -> None:
        """Take over what a block brought. A block of this generation may come again, if it says the same again.

        Raises:
            ttBlockError: strings before ``base`` are missing, or differ from what an earlier block said.
        """
        if generation != self.generation or not self.strings:
            if base != 0:
                raise ttBlockError(
                    f"This block continues string table {generation} at number {base}, but what came before it is not "
                    "known. Start reading at a block that begins a table."
                )
            self.generation = generation
            self.strings = list(added)  # the block keeps its own, and the table grows
            self._characters = sum(map(len, added))
            return
        have = len(self.strings)
        if base > have:
            raise ttBlockError(
                f"This block adds strings from number {base} on, but only {have} are known: blocks before it are missing."
            )
        known = self.strings[base : base + len(added)]
        if known != added[: len(known)]:
            raise ttBlockError(f"This block gives strings from number {base} on other values than an earlier one did.")
        if base + len(added) > MAX_STRINGS:
            raise ttBlockError(f"The string table would get more than {MAX_STRINGS:,} strings.")
        new = added[len(known) :]
        characters = self._characters + sum(map(len, new))
        if characters > MAX_CHARACTERS:
            raise ttBlockError(f"The string table would get more than {MAX_CHARACTERS:,} characters.")
        self._characters = characters
        self.strings.extend(new)


def cut(text: str, limit: int) -> str:
    """The text, or its beginning and how much is missing."""
    if len(text) <= limit:
        return text
    return f"{text[:limit]}… ({len(text) - limit:,} more characters)"
