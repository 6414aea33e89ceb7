"""The pages of the bug gallery, taken apart: what they say that an app prints, which clicks find the fault, how to mend it.

A page is prose with a fixed skeleton. Under *Symptom* and *Mending it* stands a block ``text`` with what the tonics of the app
say; ``…`` stands for anything. Under *Finding it* stands a numbered list whose bold words are carried out as they stand:

| in the list | is carried out as |
|---|---|
| Panel **Trace** | the panel is brought to the front; what follows concerns it |
| Command **Go to source** | the command is run by its title, from the palette |
| Filter **ignored:** | the text is typed into the panel's filter |
| Tab **Transitions** | this page of the panel is shown |
| Row **office** | the first row that has the words is clicked; **3 × office** is the third |
| Button **Show it happening** | the button is clicked |
| says **took up to** | waits until the panel shows the words |

Under *Mending it* stands a block ``diff``: what it has without ``+`` stands in the app, and with its ``-`` lines replaced by its
``+`` lines the app is mended.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).resolve().parents[2]
APPS: Final = ROOT / "examples" / "bugs"
PAGES: Final = ROOT / "docs" / "bugs"
PICTURES: Final = ROOT / "docs" / "pictures" / "bugs"
NAMES: Final = sorted(path.stem for path in APPS.glob("*.py"))

_DOING: Final = re.compile(r"(Panel|Command|Filter|Tab|Row|Button|says) \*\*(.+?)\*\*")
_SAID: Final = re.compile(r"\d\d:\d\d:\d\d\.\d{3}  (.*)")


class Doing(NamedTuple):
    """One thing to do or to see: ``kind`` as in the list, in small letters."""

    kind: str
    what: str


class Hunk(NamedTuple):
    """Lines of the app, and what stands in their place afterwards."""

    old: tuple[str, ...]
    new: tuple[str, ...]


class BugPage:
    """One page. Raises `AssertionError` where the skeleton is not as it should be."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.app = APPS / f"{name}.py"
        self.text = (PAGES / f"{name}.md").read_text(encoding="utf-8")
        parts = re.split(r"^## (.+)\n", self.text, flags=re.MULTILINE)
        self._parts = dict(zip(parts[1::2], parts[2::2], strict=True))
        self.headings = parts[1::2]

    @property
    def symptom(self) -> str:
        """What the app says."""
        return self._block("Symptom", "text")

    @property
    def mended(self) -> str:
        """What the mended app says."""
        return self._block("Mending it", "text")

    @property
    def steps(self) -> list[list[Doing]]:
        """What to do, step by step."""
        items = re.findall(r"^\d+\. (.+(?:\n   .+)*)", self._parts["Finding it"], flags=re.MULTILINE)
        return [[Doing(kind.lower(), " ".join(what.split())) for kind, what in _DOING.findall(item)] for item in items]

    @property
    def hunks(self) -> list[Hunk]:
        """The changes that mend it."""
        found = []
        for part in filter(None, re.split(r"^@@.*\n", self._block("Mending it", "diff"), flags=re.MULTILINE)):
            lines = [line or " " for line in part.splitlines()]
            old = tuple(line[1:] for line in lines if line[0] in " -")
            new = tuple(line[1:] for line in lines if line[0] in " +")
            found.append(Hunk(old, new))
        return found

    def mended_source(self) -> str:
        """The source of the app with the changes made. Each must fit at one place."""
        source = self.app.read_text(encoding="utf-8")
        for hunk in self.hunks:
            old = "\n".join(hunk.old) + "\n"
            assert source.count(old) == 1, f"{source.count(old)} places fit\n{old}"
            source = source.replace(old, "\n".join(hunk.new) + "\n")
        return source

    def _block(self, heading: str, language: str) -> str:
        found = re.findall(rf"^```{language}\n(.*?)^```$", self._parts[heading], flags=re.DOTALL | re.MULTILINE)
        assert len(found) == 1, f"{self.name}: {len(found)} blocks ```{language} under {heading}"
        return str(found[0])


def said(output: str) -> list[str]:
    """The lines of a screen log that tonics said, as `who what`, without births and ends."""
    lines = [match[1] for match in map(_SAID.match, output.splitlines()) if match is not None]
    return [" ".join(line.split()) for line in lines if not line.endswith(("+ created", "- finished"))]


def is_as_told(output: str, told: str) -> bool:
    """Whether these lines were said, these only, and in this order. In a line ``…`` is anything; so is a line of it."""
    pattern = ""
    for line in told.splitlines():
        words = " ".join(line.split())
        pattern += r"(?:.*\n)*" if words == "…" else ".*".join(map(re.escape, words.split("…"))) + r"\n"
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in said(output))) is not None
