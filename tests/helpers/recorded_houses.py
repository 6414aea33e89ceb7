"""Recordings of the house of an example, whose door may have another code; and a window that opens one."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tasktonic import ttCatalyst
from tasktonic.testing import distill
from tasktonic.trace import TraceReader
from tasktonic_studio.session.inbox import BlockArrived, DistilledRead, TargetBegan, TargetStatus
from tests.helpers.window_stand import WindowStand

tested_door: Any = importlib.import_module("examples.tested_door")

Record = Callable[..., Path]
MakeWindow = Callable[..., WindowStand]


class House(tested_door.House):  # type: ignore[misc]  # examples are not typed
    """The house of the example; its door has another code when it is asked for."""

    def __init__(self, code: str = "4711") -> None:
        self.code = code
        super().__init__()

    def creating_starting_tonics(self) -> None:
        door = tested_door.Door(self.code, closes_after_s=0.3, name="door")
        tested_door.Guest(door, ["1234", "4711"], name="Ada", catalyst=ttCatalyst(name="street"))


def recorded(file: Path, code: str = "4711", seed: int = 0) -> Path:
    """Run the house under a distiller, and keep its trace in this file."""
    distiller = distill(House, code, seed=seed, settings={"tasktonic/log/to": "off"})
    distiller.sparkle(timeout=100)
    return Path(distiller.finish_distiller().save(file))


def opens(stand: WindowStand, file: Path, script: str = "/somewhere/house.py") -> None:
    """Let the window show the run in a file, as the playback does."""
    with TraceReader(file) as reader:
        blocks = [BlockArrived(data) for _, data in reader.data()]
        calls = DistilledRead(tuple(reader.distilled()))
    stand.feed(TargetBegan("file", script=script, file=str(file)), calls, *blocks, TargetStatus("ended", "recorded"))
