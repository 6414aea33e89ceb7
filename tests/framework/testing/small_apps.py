"""Small apps to distil."""

from __future__ import annotations

from tasktonic import ttLedger, ttTonic


class Door(ttTonic):
    """Closed or open; keeps what it was asked."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.asked = []
        self.to_state("closed")

    def ttsc_closed__open(self, how=None, *, softly=False):
        self.asked.append(how)
        self.to_state("open")

    def ttsc_open__close(self):
        self.to_state("closed")

    def ttse_open__on_enter(self):
        pass

    def ttse__on_exit(self):
        pass


class Chain(ttTonic):
    """Calls itself a number of times."""

    def __init__(self, length, **kwargs):
        super().__init__(**kwargs)
        self.left = length
        self.tts__link()

    def tts__link(self):
        self.left -= 1
        if self.left > 0:
            self.tts__link()


class Raises(ttTonic):
    def ttsc__raise(self):
        raise ValueError("oh")

    def ttsc__work(self):
        pass


class Takes(ttTonic):
    """Keeps what it is given."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.got = []

    def ttsc__take(self, value):
        self.got.append(value)


def tonic(name):
    return ttLedger().get_essence_by_name(name)
