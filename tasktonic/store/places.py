"""From a path as somebody wrote it to a place in a tree: marks get their number, anchors their entry.

Not thread-safe: the store's lock protects tree and anchors.
"""

from __future__ import annotations

from tasktonic.store.links import Link
from tasktonic.store.paths import Anchors, is_anchor, is_mark, join, parse_place, ttStorePathError
from tasktonic.store.tree import Tree


def place_of(tree: Tree, base: str, path: str, anchors: Anchors | None, *, makes: bool) -> str:
    """Return the place that `path` below `base` names; links are followed only where a number is needed.

    Args:
        tree: where list numbers come from.
        base: path of the branch that the call is made on.
        path: may hold marks (with `makes`) and anchors.
        anchors: the entries made before by the same call or cursor; takes note of those made here.
        makes: False where something is read or removed, and a mark has no meaning.

    Raises:
        ttStorePathError: a wildcard, a mark where nothing is made, an anchor that no entry was made for.
    """
    parsed = parse_place(path)
    if not parsed.is_marked:
        return join(base, parsed.path)
    if anchors is None:
        anchors = Anchors()
    place = base
    first_prefix: str | None = None  # of the anchor that the path begins with
    for position, segment in enumerate(parsed.segments):
        if is_mark(segment):
            if not makes:
                raise ttStorePathError(
                    f"Store path {path!r} makes a new entry, which only set, append and at() can do. "
                    "Name an entry ('#0') or go over children()."
                )
            prefix = segment[:-1]
            parent = tree.links.resolve(place)
            place = join(parent, f"{prefix}#{tree.next_number(parent, prefix)}")
            anchors.made(parent, prefix, place, moves_first=prefix != first_prefix)
        elif is_anchor(segment):
            place = anchors.find(tree.links.resolve(place), segment, is_first=position == 0)
            if position == 0:
                first_prefix = segment[:-1]
        else:
            place = join(place, segment)
    return place


def check_link(place: str, link: Link) -> None:
    """Refuse a link that no path could be.

    Raises:
        ttStorePathError: the whole store as alias, or a target that is not one plain path.
    """
    if not place:
        raise ttStorePathError("The whole store cannot be a link; make a link at a path in it.")
    target = parse_place(link.target)
    if target.is_marked or target.path != link.target:
        raise ttStorePathError(
            f"The target {link.target!r} of a link is no absolute path such as 'devices/lamp' or 'lamps/#0': "
            "a link leads to one place."
        )
