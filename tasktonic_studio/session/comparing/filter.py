"""Which rows of a comparison are looked for."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from tasktonic_studio.session.comparing.comparison import Comparison, Facet, Mark
from tasktonic_studio.session.comparing.different import different
from tasktonic_studio.session.comparing.side import Side

Bools = npt.NDArray[np.bool_]

_IS: Final = {
    "same": Mark.SAME,
    "differs": Mark.DIFFERS,
    "here": Mark.ONLY_HERE,
    "there": Mark.ONLY_THERE,
}
_IN: Final = {
    "arguments": Facet.ARGUMENTS,
    "state": Facet.BEFORE | Facet.AFTER,
    "handling": Facet.HANDLING,
    "exception": Facet.ERROR,
    "effects": Facet.EFFECTS,
    "ran": Facet.RAN,
}


class ComparisonFilter:
    """Words that have to be in `tonic.sparkle`; `is:here`, `in:arguments`; a `-` before leaves out. All have to hold.

    `problem` is a sentence about what was not understood, empty when all was; that is then left aside.
    """

    def __init__(self, text: str) -> None:
        self._words: list[tuple[str, bool]] = []
        self._marks: list[tuple[Mark, bool]] = []
        self._facets: list[tuple[Facet, bool]] = []
        self.problem = ""
        for part in text.split():
            is_wanted = not part.startswith("-") or part == "-"
            key, colon, value = part.removeprefix("-").partition(":")
            if colon and key == "is" and value in _IS:
                self._marks.append((_IS[value], is_wanted))
            elif colon and key == "in" and value in _IN:
                self._facets.append((_IN[value], is_wanted))
            elif colon:
                self.problem = (
                    f"“{part}” is not understood. There is is: with {_listed(_IS)}, and in: with {_listed(_IN)}."
                )
            elif key:
                self._words.append((key.lower(), is_wanted))

    def __bool__(self) -> bool:
        """Whether anything is left out."""
        return bool(self._words or self._marks or self._facets)

    def mask(self, comparison: Comparison) -> Bools:
        """For each row whether it is looked for. No loop over rows."""
        found = np.ones(len(comparison), np.bool_)
        for mark, is_wanted in self._marks:
            found &= (comparison.mark == mark) == is_wanted
        for facet, is_wanted in self._facets:
            found &= ((comparison.facets & np.uint8(facet)) != 0) == is_wanted
        if self._words:
            is_here = comparison.here >= 0
            for side, items, rows in (
                (comparison.side_here, comparison.here, is_here),
                (comparison.side_there, comparison.there, ~is_here),
            ):
                found[rows] &= self._have_words(side, items[rows])
        return found

    def _have_words(self, side: Side, items: npt.NDArray[np.int64]) -> Bools:
        if not len(items):
            return np.zeros(0, np.bool_)
        sparkles, sparkle = different(side.sparkle[items])
        kinds, index = different(side.slot[items].astype(np.int64) * len(sparkles) + sparkle)
        fits = []
        for kind in kinds.tolist():
            slot, name = divmod(kind, len(sparkles))
            text = f"{side.name_of(side.essences[slot])}.{side.names.sparkle(int(sparkles[name]))}".lower()
            fits.append(all((word in text) == is_wanted for word, is_wanted in self._words))
        return np.array(fits, np.bool_)[index]


def _listed(words: dict[str, Mark] | dict[str, Facet]) -> str:
    *first, last = words
    return f"{', '.join(first)} or {last}"
