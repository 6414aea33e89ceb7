"""Classes that are made without what the framework needs of them."""

from tasktonic import ttFormula, ttTimerSingleShot, ttTonic


class Door(ttTonic):
    def __init__(self, name=None, wide=False):  # expect: missing-super-init
        """Make a door."""
        self.wide = wide


class Late(ttTimerSingleShot):
    def __init__(self):
        super().__init__(seconds=3)


class App(ttFormula):
    def __init__(self):  # expect: missing-super-init
        self.door = None
