"""Every kind of name that a sparkle can have."""

from __future__ import annotations

from tasktonic import ttTimerSingleShot, ttTonic


class Names(ttTonic):
    def ttse__on_start(self):
        self.to_state("a_b")

    def ttsc__go(self):
        pass

    def ttsc_a_b__go(self):
        self.ttsc__go()

    def ttse__on_a__b(self):
        pass

    def ttse_a_b__on__x(self):
        pass

    def tts__step(self):
        self._tts__hidden()

    def _tts__hidden(self):
        self.tts__step()

    def _tts_a_b__hidden(self):
        pass

    def ttse_a_b__on_enter(self):
        self.bind(ttTimerSingleShot, 1, name="x1")

    def ttse__on_x1(self, info):
        pass

    def ttse__on_finished(self):
        pass

    def ttse__on_error(self, error):
        pass

    def _ttss__finish(self, *a):
        super()._ttss__finish(*a)

    def ttsc__2(self):
        pass

    def ttsc__ünder(self):
        self.ttsc__2()
        self.ttsc__ünder()
