from TaskTonic import *

__all__ = ["Base"]


class Base(ttTonic):
    def ttse__on_start(self):
        self.to_state("ready")
        self.ttsc__below(1)
        self.tts__hook()

    def tts__called_elsewhere(self):
        pass

    def ttsc_odd__x(self):
        pass
