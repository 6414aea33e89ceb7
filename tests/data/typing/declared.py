"""What works with every checker, without a plugin: the sparkle is declared by an annotation."""

from collections.abc import Callable

from tasktonic import ttTonic


class Door(ttTonic):
    ttsc__open: Callable[[float], None]

    def ttsc_closed__open(self, angle: float) -> None:
        self.to_state("open")


def visit(door: Door) -> None:
    door.ttsc__open(30)
    door.ttsc__open("wide")  # ! arg-type
    door.ttsc__close()  # ! attr-defined
