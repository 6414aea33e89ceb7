"""A tonic whose base is in another module."""

from states import Door


class CellarDoor(Door):
    def ttsc_ajar__open(self, angle: float) -> None:
        self.to_state("open")


def visit(door: Door, cellar: CellarDoor) -> None:
    door.ttsc__open(30)  # plain ! attr-defined
    door.ttsc__open("wide")  # plugin ! arg-type # plain ! attr-defined
    cellar.ttsc__open(30)  # plain ! attr-defined
    cellar.ttsc__open("wide")  # plugin ! arg-type # plain ! attr-defined
    cellar.ttsc__knock(3)  # plain ! attr-defined
