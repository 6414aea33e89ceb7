"""Instances that are made in unusual ways, and names that are no slips."""

from tasktonic import (
    ttCatalyst,
    ttDistiller,
    ttEssence,
    ttFormula,
    ttStore,
    ttTimer,
    ttTonic,
)


class A(ttTonic):
    def __init__(self, **kw):
        ttTonic.__init__(self, **kw)


class B(ttTonic):
    def __init__(self, **kw):
        super(B, self).__init__(**kw)


class C(ttTonic):
    def __init__(self, **kw):
        self._boot(kw)

    def _boot(self, kw):
        super().__init__(**kw)


class D(ttTonic):
    def __init__(self, **kw):
        for base in D.__bases__:
            base.__init__(self, **kw)


def init(self):
    super(ttTonic, self).__init__()


class E(ttTonic):
    __init__ = init


class F(ttEssence):
    def __init__(self, a, /, *args, b=1, **kw):
        super().__init__(*args, **kw)


class G(ttTonic):
    def __init__(self):
        raise NotImplementedError


class H(ttFormula):
    def __init__(self, port=1):
        self.port = port
        super().__init__()


class I(ttCatalyst):
    def __init__(self, *a, **k):
        super().__init__(*a, **k)


class J(A):
    def __init__(self, **kw):
        A.__init__(self, **kw)


class K(ttTonic):
    def __new__(cls, *a, **k):
        return super().__new__(cls)


class L(ttTimer):
    pass


class M(ttStore):
    _tt_is_service = "other store"

    def on_start(self):
        self.helper()

    def helper(self):
        self.on_start()


class N(ttTonic):
    _tt_my_own = 3
    tt_count = 0

    def ttse__on_stars(self):
        pass

    def ttse__on_started(self):
        pass

    def ttse__on_exiting(self):
        pass

    def ttsc__on_error_shown(self):
        pass

    def ttse__on_timer_2(self, info):
        pass

    def ttse__on_child_finished(self, *a):
        pass

    def init_service(self):
        pass

    def setup(self):
        pass

    def tsk__helper(self):
        pass

    def set__value(self):
        pass

    def test__thing(self):
        pass

    def _tts(self):
        pass

    def tts(self):
        pass

    def tts_speak(self):
        pass

    def ttsc(self):
        pass

    def __ttsc__x(self):
        pass

    def user(self):
        self.ttse__on_started()
        self.ttse__on_exiting()
        self.bind(N, name="stars")
