"""What the Studio is asked for at its start, as data: filled by the command line, read by the app."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wishes:
    """What to do once the window is there.

    Attributes:
        script: absolute path of a script to start, or empty.
        run: absolute path of a trace file to show, or empty.
        project: absolute path of a folder to open as a project, or empty.
        arguments: its arguments.
        seed: of the distiller that the script is to be run under, by hand; None lets it run by itself.
        attach: whether to watch an app that runs; ``pid`` says which, 0 for the only one.
        pid: see above.
        snapshot: file for a picture of the window; then it closes by itself.
        theme: overrides the user's theme for this time.
        arrangement: overrides the user's arrangement for this time.
        panel: a panel to bring to the front.
        select: the name of a tonic, or a path of a store, to select in a picture.
        size: width and height of the window in pixels, for a picture.
        show: what else a picture shows: ``start`` (start page), ``palette``, or empty.
    """

    script: str = ""
    run: str = ""
    project: str = ""
    arguments: tuple[str, ...] = ()
    seed: int | None = None
    attach: bool = False
    pid: int = 0
    snapshot: str = ""
    theme: str = ""
    arrangement: str = ""
    panel: str = ""
    select: str = ""
    size: tuple[int, int] = (1440, 900)
    show: str = ""
