"""Sparkles that are called and that there are not."""

from tasktonic import ttTimerSingleShot, ttTonic


class Door(ttTonic):
    def ttsc_closed__open(self, how):
        self.to_state("open")

    def ttsc_open__close(self):
        self.to_state("closed")

    def ttse__on_error(self, error):
        super().ttse__on_error(error)  # expect: unknown-sparkle


class House(ttTonic):
    def __init__(self):
        super().__init__()
        self.door = self.bind(Door)

    def ttse__on_start(self):
        self.tts__look()
        self.tts__lok()  # expect: unknown-sparkle
        self.door.ttsc__open("wide")
        self.door.ttsc__opne("wide")  # expect: unknown-sparkle
        self.door.ttsc_ajar__close()  # expect: unknown-sparkle
        self.bind(ttTimerSingleShot, 1, sparkle_back=self.ttse__on_bell)  # expect: unknown-sparkle
        if hasattr(self, "ttsc__dance"):
            self.ttsc__dance()

    def tts__look(self):
        self.log("looks")
