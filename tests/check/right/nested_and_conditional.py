"""Classes in classes, and what is there or another depending on what runs."""

from __future__ import annotations

import sys

from tasktonic import ttTonic


class Outer:
    class Inner(ttTonic):
        def ttse__on_start(self):
            self.to_state("in")
            Outer.Inner2()

        def ttsc_in__x(self):
            pass

    class Inner2(Inner):
        def ttsc__y(self):
            self.ttsc__x()


if sys.platform == "win32":

    class Cond(ttTonic):
        def ttsc__win(self):
            pass
else:

    class Cond(ttTonic):
        def ttsc__nix(self):
            pass


class UsesCond(ttTonic):
    def ttse__on_start(self):
        self.c = self.bind(Cond)
        self.c.ttsc__win()
        self.c.ttsc__nix()


class CondMethods(ttTonic):
    if sys.platform == "win32":

        def ttsc__a(self):
            pass
    else:

        def ttsc__a(self, x=1):
            pass

    def ttse__on_start(self):
        self.ttsc__a(2)
        self.ttsc__a()

    try:
        import foo

        def ttsc__b(self):
            self.foo()
    except ImportError:

        def ttsc__b(self):
            pass
