"""States that are computed, in every way there is."""

from __future__ import annotations

from tasktonic import ttTonic


class Odd(ttTonic):
    def ttse__on_start(self):
        if (s := "on") and True:
            self.to_state(s)
        match self.state:
            case 0:
                where = "off"
            case [*_]:
                where = "on"
            case {"x": 1, **rest}:
                where = "on"
            case _:
                where = "off"
        self.to_state(where)
        [self.to_state(t) for t in ("on", "off")]

    def ttsc_on__x(self):
        def inner():
            nonlocal name
            name = "off"

        name = "nowhere"
        inner()
        self.to_state(name)

    def ttsc_off__x(self):
        global where_to
        where_to = "on"
        self.to_state(where_to)


where_to = "neverland"
