"""Widgets that are made in every way there is, and bound by name."""

from __future__ import annotations

from functools import cached_property

from PySide6 import QtWidgets as W
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import *
from PySide6.QtWidgets import QLineEdit, QMainWindow, QWidget
from PySide6.QtWidgets import QPushButton as Push

from tasktonic import ttTonic
from tasktonic.qt import ttPysideMixin, ttPysideWidget, ttPysideWindow


class Ui_Form:
    def setupUi(self, form):
        self.button = Push(form)


class Fancy(Push):
    poked = Signal(int)


class A(ttPysideWindow):
    wide: Push
    custom = Signal()

    def setup_ui(self):
        self.a, self.b = Push(), Push()
        self.c = self.d = Push()
        if e := Push():
            self.e = e
        for n in "xy":
            setattr(self, f"dyn_{n}", Push())
        self.wide = Push()

    def ttqt__a__clicked(self):
        pass

    def ttqt__b__clicked(self):
        pass

    def ttqt__d__clicked(self, on=False):
        pass

    def ttqt__e__clicked(self):
        pass

    def ttqt__dyn_x__clicked(self):
        pass

    def ttqt__wide__clicked(self):
        pass

    def ttqt__self__custom(self):
        pass


class B(ttPysideWindow):
    def setup_ui(self):
        self.fancy = Fancy()
        self.act = QAction("x", self)
        self.timer = QTimer(self)
        self.edit = W.QLineEdit()
        self._made = None

    @property
    def button(self):
        return self.fancy

    @cached_property
    def other(self):
        return Push()

    def ttqt__fancy__poked(self, n):
        pass

    def ttqt__fancy__clicked(self):
        pass

    def ttqt__act__triggered(self):
        pass

    def ttqt__timer__timeout(self):
        pass

    def ttqt__edit__textChanged(self, t):
        pass

    def ttqt__button__clicked(self):
        pass

    def ttqt__other__clicked(self):
        pass


class C(ttPysideWindow):
    def setup_ui(self):
        self.ui = Ui_Form()
        self.ui.setupUi(self)

    def ttqt__ui__button__clicked(self):
        pass


class D(ttPysideWindow, Ui_Form):
    def setup_ui(self):
        self.setupUi(self)

    def ttqt__button__clicked(self):
        pass


def build(window):
    window.late = Push()


class E(ttPysideWindow):
    def setup_ui(self):
        build(self)
        self.page = QWidget()
        self.page.inner = Push()

    def ttqt__late__clicked(self):
        pass

    def ttqt__page__inner__clicked(self):
        pass


class Panel(ttPysideWidget):
    changed = Signal(str)

    def setup_ui(self):
        self.ok = Push()
        self.ok.setObjectName("okButton")


class F(ttPysideWindow):
    def setup_ui(self):
        self.panel = Panel(parent=self)
        self.left = self.bind(Panel)
        self.setCentralWidget(self.panel)

    def ttqt__panel__ok__clicked(self):
        pass

    def ttqt__left__ok__clicked(self):
        pass

    def ttqt__panel__changed(self, s):
        pass

    def ttqt_open__panel__destroyed(self):
        pass

    def ttqt__panel__windowTitleChanged(self, t):
        pass

    def ttse__on_start(self):
        self.to_state("open")

    def ttqt__self__windowTitleChanged(self, t):
        pass

    def ttqt__self__destroyed(self):
        pass


class G(ttPysideMixin, QMainWindow):
    def setup_ui(self):
        self.line = QLineEdit()

    def ttqt__line__returnPressed(self):
        pass


class H(F):
    def setup_ui(self):
        super().setup_ui()
        self.more = Push()

    def ttqt__more__clicked(self):
        pass

    def ttqt__panel__ok__pressed(self):
        pass
