from ..base import Base
import pkg.base


class Derived(Base):
    def ttsc_ready__x(self):
        self.tts__called_elsewhere()

    def ttsc__below(self, n):
        pass

    def tts__hook(self):
        pass


class Derived2(pkg.base.Base):
    def ttsc__y(self):
        self.to_state("ready")

    def ttsc_ready__z(self):
        pass

    def ttsc__below(self, n):
        pass

    def tts__hook(self):
        pass
