"""Handlers for moments that never come."""

from tasktonic import ttEssence, ttTonic


class Door(ttTonic):
    def ttse_open__on_start(self):  # expect: dead-handler
        self.log("starts")

    def ttse_open__on_finished(self):  # expect: dead-handler
        self.log("has finished")

    def ttse__on_start(self):
        self.to_state("open")

    def ttse__on_enter(self):  # expect: dead-handler
        self.log("enters any state")

    def ttse_open__on_enter(self):
        self.log("enters open")

    def ttse_closed__on_enter(self):
        self.log("enters closed")

    def ttsc_open__close(self):
        self.to_state("closed")
        self.tts__count()

    def ttsc_closed__open(self):
        self.to_state("open")

    def tts__count(self):
        self.log("one more")

    def tts__forgotten(self):  # expect: dead-handler
        self.log("nobody calls this")


class Box(ttEssence):
    """No tonic: it does not sparkle."""

    def ttse__on_start(self):  # expect: dead-handler
        self.log("starts")
