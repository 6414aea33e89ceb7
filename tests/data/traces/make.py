"""Makes the traces of this folder anew: ``python tests/data/traces/make.py`` in a clone.

They are kept as files all the same: what an older version has written must be readable by every later one. Make only what is
new, with its name as an argument, unless the format has changed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path.insert(0, str(ROOT))

from tasktonic import events  # noqa: E402
from tasktonic.blocks import StringTable, encode_block  # noqa: E402
from tasktonic.trace.encoder import TraceBytes  # noqa: E402
from tasktonic.trace.file import COMPRESSED, HEADER, MAGIC, SUMMARY, Kind, Summary, file_header, make_frame  # noqa: E402
from tests.helpers.stream_rows import Tonic, order, run  # noqa: E402

made: Any = events

DOOR = '''
import sys
from tasktonic import ttCatalyst, ttFormula, ttStore, ttTimerSingleShot, ttTonic


class Door(ttTonic):
    def ttse__on_start(self):
        self.to_state("closed")
        self.bell = Bell(name="bell", catalyst=ttCatalyst(name="hall"))
        self.bind(ttStore).set("door/opened", 0)
        self.ttsc__open(90)
        self.ttsc__open(45)

    def ttsc_closed__open(self, degrees):
        self.to_state("open")
        self.bell.ttsc__ring()
        self.bind(ttStore).set("door/opened", 1)

    def ttse_open__on_enter(self):
        self.log("squeaks")
        self.bind(ttTimerSingleShot, seconds=0.05, name="closer")

    def ttse_open__on_closer(self, info):
        self.to_state("closed")
        self.finish()


class Bell(ttTonic):
    def ttsc__ring(self):
        raise ValueError("no power")


class DoorApp(ttFormula):
    def creating_formula(self):
        return {"tasktonic/log/to": "off", "tasktonic/project/name": "door"}

    def creating_starting_tonics(self):
        Door(name="door")


if __name__ == "__main__":
    DoorApp()
'''


def recorded(**environment: str) -> bytes:
    """Run the door with the recorder that the environment names, which writes into ``out.ttt``."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "door.py").write_text(DOOR)
        variables = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
        subprocess.run([sys.executable, "door.py"], cwd=folder, env=variables, check=True, stderr=subprocess.DEVNULL)
        return Path(folder, "out.ttt").read_bytes()


def encoded(*parts: list[Any], close: bool = True, **options: Any) -> bytes:
    trace = TraceBytes({"kind": "recording", "app": "plant"}, **options)
    first = 0
    for rows in parts:
        trace.add_rows(first, rows)
        first += len(rows)
    return trace.data("The app has ended.") if close else b"".join(trace.parts)


def plant() -> list[Any]:
    states = [made.StateDefined(1, index, name) for index, name in enumerate(["idle", "on", "off"])]
    return [
        made.AppBegan(1_000, 1, "plant", 1_700_000_000_000_000_000, 77),
        made.ClassDefined(1, "Pump", "plant", "plant.py", 3, "", "ttTonic"),
        *states,
        made.SparkleDefined(11, 1, "ttsc__turn"),
        made.Born(1_000, 0, "main_catalyst", 1, -1, 0, "", 2, -1, 0),
        made.Born(1_200, 1, "pump", 1, 0, 0, "", 2, 0, 0),
    ]


def turns(first: int, count: int) -> list[Any]:
    pump = Tonic(1)
    rows: list[Any] = []
    for n in range(first, first + count):
        rows += [order(n, tonic=pump), events.StateChanged(n * 1_000 + 10, 1, n % 3, (n + 1) % 3, n), run(n)]
    return rows


def strange_names() -> bytes:
    names = ["Türöffner", "ポンプ", "pump\x1b[31m", "a\nb", "\ud800", "🚪", "x" * 2_000]
    return encoded([made.Born(1_000 + n, n, name, 1, -1, 0, "", 2, -1, 0) for n, name in enumerate(names)])


def flipped() -> bytes:
    data = bytearray(encoded(plant(), turns(1, 20), turns(21, 20)))
    data[len(data) // 2] ^= 0x10
    return bytes(data)


def one_line(number_of_string: int | None = None) -> bytes:
    block = bytearray(encode_block(0, [made.CatalystBegan(1_000, 0, "thread", "MainThread", 5)], StringTable()))
    if number_of_string is not None:
        place = block.rfind((2).to_bytes(4, "little"))
        block[place : place + 4] = number_of_string.to_bytes(4, "little")
    return make_frame(Kind.BLOCK, bytes(block), summary=Summary(0, 1_000, 1_000, 1, 0, 0, 0))


def bomb() -> bytes:
    packed = SUMMARY.pack(1, 0, 0, 1, 0, 0, 0) + zlib.compress(bytes(40_000_000), 9)
    checked = bytes([Kind.BLOCK, COMPRESSED, 0, 0]) + len(packed).to_bytes(4, "little") + (2_000).to_bytes(4, "little")
    crc = zlib.crc32(packed, zlib.crc32(checked)).to_bytes(4, "little")
    return file_header() + one_line() + checked + crc + packed


TRACES: dict[str, Callable[[], bytes]] = {
    "door.ttt": lambda: recorded(TASKTONIC_RECORD="out.ttt"),
    "flight.ttt": lambda: recorded(TASKTONIC_FLIGHT="out.ttt"),
    "keyframes.ttt": lambda: encoded(plant(), *(turns(n, 100) for n in range(1, 1_000, 100)), keyframe_events=900),
    "gap.ttt": lambda: encoded(plant(), turns(1, 5), [made.Gap(20_000, 90_000, 70, 71), *[None] * 140], turns(100, 5)),
    "names.ttt": strange_names,
    "killed.ttt": lambda: encoded(plant(), turns(1, 20), close=False),
    "cut.ttt": lambda: encoded(plant(), turns(1, 20), turns(21, 20), close=False)[:-100],
    "flipped.ttt": flipped,
    "newer.ttt": lambda: HEADER.pack(MAGIC, 2, 0, 0) + one_line(),
    "newer-minor.ttt": lambda: HEADER.pack(MAGIC, 1, 5, 0) + one_line() + make_frame(99, b"news"),  # type: ignore[arg-type]
    "huge.ttt": lambda: file_header() + one_line() + b"\2\0\0\0" + b"\xff" * 8 + bytes(4),
    "bomb.ttt": bomb,
    "strings.ttt": lambda: file_header() + one_line(999),
    "empty.ttt": lambda: b"",
    "text.ttt": lambda: b"This is no trace.\n",
}

if __name__ == "__main__":
    for name in sys.argv[1:] or TRACES:
        (HERE / name).write_bytes(TRACES[name]())
        print(name, (HERE / name).stat().st_size)
