"""Named arrangements of panels: those out of the box, and the user's own versions of them, saved only when changed by hand."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from tasktonic_studio import resources
from tasktonic_studio.settings import write_whole

FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Tabs:
    """Panels one behind the other; the first is in front."""

    panels: tuple[str, ...]
    size: int


@dataclass(frozen=True, slots=True)
class Split:
    """Parts side by side (``across``) or one above the other."""

    across: bool
    parts: tuple[Tabs | Split, ...]
    size: int


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Where panels stand for one task. ``tree`` is None when none of its panels exists."""

    name: str
    title: str
    icon: str
    help: str
    order: int
    tree: Tabs | Split | None

    @property
    def panels(self) -> list[str]:
        """The ids of all its panels, in reading order."""
        return list(_panels(self.tree)) if self.tree is not None else []


def arrangements(panel_ids: Sequence[str]) -> list[Arrangement]:
    """The arrangements out of the box, in order, with only those panels that there are."""
    found = [
        parse(name, json.loads(resources.text("layouts", f"{name}.json")), panel_ids)
        for name in resources.names("layouts")
    ]
    return sorted(found, key=lambda arrangement: arrangement.order)


def parse(name: str, description: dict[str, Any], panel_ids: Sequence[str]) -> Arrangement:
    """Read an arrangement from its description.

    Panels that do not exist are left out, so a description may name panels of the future; a part that has none left goes,
    and a split of one part becomes that part.
    """
    tree = _parse_part({"size": 100, **description["tree"]}, frozenset(panel_ids))
    return Arrangement(
        name,
        description["title"],
        description.get("icon", ""),
        description.get("help", ""),
        description.get("order", 99),
        tree,
    )


def _parse_part(part: dict[str, Any], there: frozenset[str]) -> Tabs | Split | None:
    size = int(part.get("size", 50))
    if "tabs" in part:
        panels = tuple(panel for panel in part["tabs"] if panel in there)
        return Tabs(panels, size) if panels else None
    across = "across" in part
    parts = tuple(
        parsed for inner in part["across" if across else "down"] if (parsed := _parse_part(inner, there)) is not None
    )
    if not parts:
        return None
    if len(parts) == 1:
        only = parts[0]
        return Tabs(only.panels, size) if isinstance(only, Tabs) else Split(only.across, only.parts, size)
    return Split(across, parts, size)


def _panels(tree: Tabs | Split) -> Iterable[str]:
    if isinstance(tree, Tabs):
        yield from tree.panels
    else:
        for part in tree.parts:
            yield from _panels(part)


def mates(tree: Tabs | Split, panel_id: str) -> tuple[str, ...]:
    """The panels that stand behind one another with this one; none when it is not in the arrangement."""
    if isinstance(tree, Tabs):
        return tuple(it for it in tree.panels if it != panel_id) if panel_id in tree.panels else ()
    return next((found for part in tree.parts if (found := mates(part, panel_id))), ())


def first_panel(tree: Tabs | Split) -> str:
    """The panel in the upper left corner: where a part begins when it is split off."""
    return next(iter(_panels(tree)))


def without_low_parts(tree: Tabs | Split, height_px: int, least_px: int) -> Tabs | Split:
    """The same tree where all parts get ``least_px``; else with the panels of parts above one another behind those of the first.

    Args:
        tree: as it is out of the box.
        height_px: the room for it.
        least_px: in a lower part nothing would be seen below tabs, filter and headings.
    """
    if isinstance(tree, Tabs):
        return tree
    whole = sum(part.size for part in tree.parts)
    heights = [height_px if tree.across else height_px * part.size // whole for part in tree.parts]
    if tree.across or min(heights) >= least_px:
        parts = (without_low_parts(part, px, least_px) for part, px in zip(tree.parts, heights, strict=True))
        return Split(tree.across, tuple(parts), tree.size)
    first = without_low_parts(tree.parts[0], height_px, least_px)
    return replace(_with_more(first, [it for part in tree.parts[1:] for it in _panels(part)]), size=tree.size)


def without_narrow_parts(tree: Tabs | Split, width_px: int, least_px: int) -> Tabs | Split:
    """The same tree where all parts get ``least_px``; else with the panels of the narrowest part behind those of the next narrow one.

    Args:
        tree: as it is out of the box.
        width_px: the room for it.
        least_px: in a narrower part names would be cut to a letter or two.
    """
    if isinstance(tree, Tabs):
        return tree
    parts, whole = list(tree.parts), sum(part.size for part in tree.parts)
    if not tree.across:
        return replace(tree, parts=tuple(without_narrow_parts(part, width_px, least_px) for part in parts))
    while len(parts) > 1 and min(part.size for part in parts) * width_px < least_px * whole:
        narrowest = parts.pop(min(range(len(parts)), key=lambda place: parts[place].size))
        place = min(range(len(parts)), key=lambda place: parts[place].size)
        into = _with_more(parts[place], list(_panels(narrowest)))
        parts[place] = replace(into, size=into.size + narrowest.size)
    if len(parts) == 1:
        return replace(without_narrow_parts(parts[0], width_px, least_px), size=tree.size)
    widths = [width_px * part.size // whole for part in parts]
    fitting = (without_narrow_parts(part, px, least_px) for part, px in zip(parts, widths, strict=True))
    return replace(tree, parts=tuple(fitting))


def _with_more(tree: Tabs | Split, more: Sequence[str]) -> Tabs | Split:
    """The tree with more panels, behind those of its largest part."""
    if isinstance(tree, Tabs):
        return replace(tree, panels=(*tree.panels, *more))
    largest = max(tree.parts, key=lambda part: part.size)
    return replace(tree, parts=tuple(_with_more(it, more) if it is largest else it for it in tree.parts))


class LayoutFile:
    """The user's own versions of arrangements, and what panels keep, in one JSON file.

    Made by the composition root with the file of this user. Reading never fails: a broken file counts as none, and is
    kept aside the next time something is written.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._broken = False
        self._content = self._read()

    def state(self, arrangement: str) -> bytes | None:
        """What the docks said of themselves when the user last changed this arrangement, or None."""
        text = self._content["arrangements"].get(arrangement)
        if not isinstance(text, str):
            return None
        try:
            return base64.b64decode(text, validate=True)
        except (ValueError, binascii.Error):
            return None

    def keep(self, arrangement: str, state: bytes) -> None:
        """Remember the user's version of an arrangement."""
        self._content["arrangements"][arrangement] = base64.b64encode(state).decode()

    def forget(self, arrangement: str) -> None:
        """Back to how it was out of the box."""
        self._content["arrangements"].pop(arrangement, None)

    @property
    def changed(self) -> list[str]:
        """Names of the arrangements of which there is a version of the user's own."""
        return sorted(self._content["arrangements"])

    @property
    def window(self) -> bytes | None:
        """Where the window was and how large, or None."""
        text = self._content.get("window")
        try:
            return base64.b64decode(text, validate=True) if isinstance(text, str) else None
        except (ValueError, binascii.Error):
            return None

    @window.setter
    def window(self, geometry: bytes) -> None:
        self._content["window"] = base64.b64encode(geometry).decode()

    def panel_state(self, panel_id: str) -> dict[str, Any]:
        """What a panel kept; empty when nothing."""
        found = self._content["panels"].get(panel_id)
        return found if isinstance(found, dict) else {}

    def keep_panel_state(self, panel_id: str, state: dict[str, Any]) -> None:
        """Remember what a panel wants to keep; nothing when it is empty."""
        if state:
            self._content["panels"][panel_id] = state
        else:
            self._content["panels"].pop(panel_id, None)

    def write(self) -> None:
        """Write the file, whole or not at all.

        Raises:
            OSError: the folder cannot be written.
        """
        if self._broken:
            self._file.replace(self._file.with_suffix(".broken"))
            self._broken = False
        write_whole(self._file, json.dumps(self._content, indent=1, sort_keys=True) + "\n")

    def _read(self) -> dict[str, Any]:
        content: Any = None
        try:
            content = json.loads(self._file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            pass
        except (OSError, ValueError, RecursionError):
            self._broken = self._file.exists()
        if not isinstance(content, dict) or content.get("format") != FORMAT:
            content = {"format": FORMAT}
        for part in ("arrangements", "panels"):
            if not isinstance(content.get(part), dict):
                content[part] = {}
        result: dict[str, Any] = content
        return result
