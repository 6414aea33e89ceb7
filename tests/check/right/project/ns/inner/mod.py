from pkg import Base
from pkg.sub import derived
import ns.inner.other


class N(derived.Derived):
    def ttsc__k(self):
        self.to_state("odd")
        self.ttsc__below(1)


class M(ns.inner.other.O):
    def ttsc__k(self):
        self.to_state("odd2")
