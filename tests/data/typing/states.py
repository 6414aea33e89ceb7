"""Sparkles that have handlers for states only."""

from typing import assert_type

from tasktonic import ttTonic


class Door(ttTonic):
    _tt_states = ("closed", "open", "locked")

    def ttse__on_start(self) -> None:
        self.to_state("closed")
        self.ttsc__open(30)  # plain ! attr-defined
        self.ttsc_closed__open(30.5)
        self.ttsc__opne(30)  # ! attr-defined

    def ttsc_closed__open(self, angle: float) -> None:
        self.to_state("open")

    def ttsc_open__close(self, hard: bool = False) -> None:
        self.to_state("closed")

    def ttsc_locked__close(self, hard: bool = False) -> None:
        self.log("closed already")

    def ttsc_closed__knock(self, times: int) -> None:
        self.log("who is there?")

    def ttsc_open__knock(self) -> None:
        self.log("come in")

    def ttsc_closed__push(self, force: float) -> None:
        self.log("it does not move")

    def ttsc_open__push(self, force: str) -> None:
        self.log("it does not move")


class BigDoor(Door):
    """Has a state more for a sparkle of its base, and writes out another."""

    def ttsc_ajar__open(self, angle: float) -> None:
        self.to_state("open")

    def ttsc__close(self, hard: bool = False) -> None:
        self.log("too heavy")


class Guard(ttTonic):
    def __init__(self, door: Door, big: BigDoor) -> None:
        super().__init__()
        door.ttsc__open(30)  # plain ! attr-defined
        door.ttsc__open(angle=30)  # plain ! attr-defined
        door.ttsc__open("wide")  # plugin ! arg-type # plain ! attr-defined
        door.ttsc__open()  # plugin ! call-arg # plain ! attr-defined
        door.ttsc__close()  # plain ! attr-defined
        door.ttsc__close(hard=True)  # plain ! attr-defined
        door.ttsc__close(5)  # plugin ! arg-type # plain ! attr-defined
        # Its handlers differ, so only when it runs it is known which arguments were right.
        door.ttsc__knock()  # plain ! attr-defined
        door.ttsc__knock(3)  # plain ! attr-defined
        door.ttsc__push(3)  # plain ! attr-defined
        door.ttsc__push("hard")  # plain ! attr-defined
        door.ttsc__push()  # plugin ! call-arg # plain ! attr-defined
        door.ttsc__lock()  # ! attr-defined
        big.ttsc__open(30)  # plain ! attr-defined
        big.ttsc__open("wide")  # plugin ! arg-type # plain ! attr-defined
        big.ttsc__close(True)
        big.ttsc__close("hard")  # ! arg-type
        self.later(door.ttsc__open)  # plain ! attr-defined
        self.later(door.ttsc__knock)  # plain ! attr-defined

    def later(self, what: "Callable[[float], None]") -> None:
        assert_type(what(5), None)


from collections.abc import Callable  # noqa: E402 - a name that is known late: mypy reads the classes twice
