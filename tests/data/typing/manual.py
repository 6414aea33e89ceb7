"""The manual's spelling of the import."""

from typing import assert_type

from TaskTonic import *


class Lamp(ttTonic):
    def ttse__on_start(self) -> None:
        assert_type(self.bind(ttTimerSingleShot, 5.0), ttTimerSingleShot)
        self.ttsc__switch(True)
        self.ttsc__switch("on")  # ! arg-type

    def ttsc__switch(self, on: bool) -> None: ...
