"""The environment variables of programs that the Studio starts: ours, and the framework where it would not be found."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import tasktonic


def with_framework(own: Mapping[str, str], *others: str) -> dict[str, str]:
    """A copy of ``own`` without what asks a program to be watched, in which the framework is found.

    The Studio may run from a source tree, which another Python does not look into by itself. It comes last, and ``others`` with
    it, so that whatever the program finds without us it finds as before.
    """
    environment = {name: value for name, value in own.items() if not name.startswith("TASKTONIC_STUDIO")}
    home = str(Path(tasktonic.__file__).resolve().parents[1])
    wanted = [*others, *([] if Path(home).name in ("site-packages", "dist-packages") else [home])]
    known = [folder for folder in environment.get("PYTHONPATH", "").split(os.pathsep) if folder]
    path = os.pathsep.join([*known, *(folder for folder in wanted if folder not in known)])
    if path:
        environment["PYTHONPATH"] = path
    return environment


__all__ = ["with_framework"]
