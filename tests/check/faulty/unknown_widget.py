"""Names of signals that lead nowhere: widgets and signals that there are not, made by hand and out of a form."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget

from tasktonic.qt import ttPysideWidget, ttPysideWindow


class Panel(ttPysideWidget):
    picked = Signal(str)

    def setup_ui(self):
        self.field = QLineEdit(self)


class Window(ttPysideWindow):
    def setup_ui(self):
        inside = QWidget()
        layout = QVBoxLayout(inside)
        self.button = QPushButton("Go")
        self.panel = Panel()
        layout.addWidget(self.button)
        layout.addWidget(self.panel)
        self.setCentralWidget(inside)

    def ttse__on_start(self):
        self.to_state("open")

    def ttqt__button__clicked(self, checked):
        self.log("goes")

    def ttqt__buton__clicked(self, checked):  # expect: unknown-widget
        self.log("never")

    def ttqt_open__button__click(self, checked):  # expect: unknown-widget
        self.log("never")

    def ttqt__panel__field__textEdited(self, text):
        self.log(text)

    def ttqt__panel__feild__textEdited(self, text):  # expect: unknown-widget
        self.log(text)

    def ttqt__panel__picked(self, text):
        self.log(text)

    def ttqt__self__destroyed(self, thing):
        self.log("gone")

    def ttqt__windowTitleChaned(self, title):  # expect: unknown-widget
        self.log(title)


class Form(ttPysideWidget):
    ui_file = "form.ui"

    def ttqt__send__clicked(self, checked):
        self.log("sent")

    def ttqt__sent__clicked(self, checked):  # expect: unknown-widget
        self.log("never")

    def ttqt__address__edited(self, text):  # expect: unknown-widget
        self.log("never")
