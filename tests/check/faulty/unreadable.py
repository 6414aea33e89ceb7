"""No Python."""

from tasktonic import ttTonic


class Door(ttTonic):
    def ttsc__open(self:  # expect: unreadable
        pass
