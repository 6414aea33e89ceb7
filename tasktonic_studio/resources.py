"""The one way to find an icon, style or layout, from a source tree or from an installed wheel."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def folder() -> Path:
    """The folder with the resources: beside the packages in a checkout, inside the package in a wheel."""
    here = Path(__file__).resolve().parent
    inside_wheel = here / "resources"
    return inside_wheel if inside_wheel.is_dir() else here.parent / "resources"


def path(kind: str, name: str) -> Path:
    """Where a resource lies.

    Args:
        kind: ``icons``, ``styles``, ``layouts`` or ``lessons``.
        name: file name with its ending.

    Raises:
        FileNotFoundError: there is none of that name; the message lists what there is.
    """
    found = folder() / kind / name
    if not found.is_file():
        there = ", ".join(sorted(p.name for p in (folder() / kind).glob("*"))) or "nothing"
        raise FileNotFoundError(f"No resource {kind}/{name} in {folder()}. There is: {there}.")
    return found


@cache
def text(kind: str, name: str) -> str:
    """The text of a resource. Read once: nobody changes what is shipped."""
    return path(kind, name).read_text(encoding="utf-8")


def names(kind: str) -> list[str]:
    """The names of all resources of a kind, without their endings, sorted."""
    return sorted(p.stem for p in (folder() / kind).glob("*"))


@cache
def documents() -> Path | None:
    """The folder of the documentation, or None where it is not installed."""
    here = Path(__file__).resolve().parent
    places = (here / "docs", here.parent / "docs")  # in a wheel, in a checkout
    return next((place for place in places if (place / "guide").is_dir()), None)


@cache
def example(name: str) -> Path | None:
    """An example program by its file name, or None where the examples are not installed."""
    here = Path(__file__).resolve().parent
    places = (here / "examples" / name, here.parent / "examples" / name)  # in a wheel, in a checkout
    return next((place for place in places if place.is_file()), None)
