"""The windows of a real Qt app, from the Studio: the tonic under the pointer is outlined there, and a click there picks one."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolTip, QTreeView

from tasktonic.protocol.messages import Call
from tasktonic_studio.session.selection import Thing
from tests.helpers.scripts_apart import QT_APP

CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier

Steps = Generator[Callable[[], Any], None, None]

DESK = """
    from PySide6.QtCore import QTimer, Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QPushButton, QTabWidget, QVBoxLayout, QWidget

    from tasktonic import *
    from tasktonic.qt import ttPyside6Ui, ttPysideWidget, ttPysideWindow


    class Counter(ttPysideWidget):
        def setup_ui(self):
            self.plus = QPushButton("<b>Plus</b>", self)
            self.plus.setObjectName("plus")

        def ttqt__plus__clicked(self):
            print("clicked", flush=True)

        def ttqt__pluss__clicked(self):
            pass


    class Desk(ttPysideWindow):
        def setup_ui(self):
            tabs = QTabWidget()
            self.setCentralWidget(tabs)
            self.pages = QVBoxLayout()
            page = QWidget()
            page.setLayout(self.pages)
            tabs.addTab(page, "First")
            self.resize(300, 200)

        def ttse__on_start(self):
            self.counter = Counter(name="counter", context=self)
            self.pages.addWidget(self.counter)
            self.other = Counter(name="other", context=self)
            self.centralWidget().addTab(self.other, "Second")
            self.show()
            self.outlined = ""
            # Beside all sparkles: it goes on while the app is held.
            self.looking = QTimer(self)
            self.looking.timeout.connect(self.look)
            self.looking.start(10)

        def look(self):
            seen = [it for it in self.findChildren(QWidget, "tasktonic_outline") if it.isVisible()]
            words = ", ".join(it.accessibleName() for it in seen) or "nothing"
            if words != self.outlined:
                self.outlined = words
                print(f"outlined: {words}", flush=True)  # in one piece

        def ttsc__click_plus(self):
            QTest.mouseClick(self.counter.plus, Qt.MouseButton.LeftButton)

    """ + QT_APP.replace("FIRST", 'Desk(name="desk")')


def row_of(tree: QTreeView, text: str) -> Any:
    index = tree.indexAt(QPoint(4, 4))
    while index.isValid():
        if text == str(index.siblingAtColumn(0).data()):
            return tree.visualRect(index.siblingAtColumn(0)).center()
        index = tree.indexBelow(index)
    return None


def test_a_tonic_is_shown_in_the_app_and_picked_there(run_studio: Any, script: Any) -> None:
    def steps(person: Any) -> Steps:
        def id_of(name: str) -> int:
            live = person.live
            return next((it for it in live.essences if live.essences.get(it).name == name), -1)

        def last(words: str) -> bool:
            seen = [line for line in person.log_texts() if line.startswith("outlined:")]
            return bool(seen) and seen[-1] == f"outlined: {words}"

        tree = person.panel("ledger").findChild(QTreeView)
        shown = "counter, shown by TaskTonic Studio"
        yield lambda: row_of(tree, "counter") is not None and last("nothing")

        # As long as the pointer is on its row; a held app as well.
        person.press(Qt.Key.Key_F6)
        yield lambda: person.live.target.status == "held"
        QTest.mouseMove(tree.viewport(), row_of(tree, "counter"))
        yield lambda: last(shown)
        person.bench.selection.hover(None)
        yield lambda: last("nothing")
        person.press(Qt.Key.Key_F5)

        # What cannot be seen is said beside the pointer.
        QTest.mouseMove(tree.viewport(), row_of(tree, "other"))
        yield lambda: "it is on the tab" in QToolTip.text()
        person.bench.selection.hover(None)

        # Kept by a key, and what cannot be seen is said; Esc ends it.
        person.click(tree.viewport(), row_of(tree, "other"))
        person.bench.selection.hover(None)
        person.press(Qt.Key.Key_W, CTRL | ALT)
        yield lambda: "it is on the tab 'Second', which is not in front" in person.sentence
        person.press(Qt.Key.Key_W, CTRL | ALT)
        person.bench.selection.select(Thing("essence", id_of("counter")))
        person.press(Qt.Key.Key_W, CTRL | ALT)
        yield lambda: last(shown)
        person.press(Qt.Key.Key_Escape)
        yield lambda: last("nothing")

        # And from the inspector, where a tonic is named there.
        person.bench.selection.select(Thing("essence", id_of("desk")))
        facts = person.panel("inspector").tree

        def named() -> Any:
            found = facts.model().match(
                facts.model().index(0, 0), Qt.ItemDataRole.DisplayRole, "counter", 1, Qt.MatchFlag.MatchRecursive
            )
            return found[0].siblingAtColumn(1) if found else None

        steps_aside = 0

        def points_there() -> bool:
            """Rows move while attributes come in: a hand follows."""
            nonlocal steps_aside
            if named() is not None and not last(shown):
                facts.scrollTo(named())
                steps_aside += 1
                QTest.mouseMove(facts.viewport(), facts.visualRect(named()).center() + QPoint(steps_aside % 2, 0))
            return last(shown)

        yield points_there
        person.bench.selection.hover(None)
        yield lambda: last("nothing")
        person.bench.selection.select(Thing("essence", id_of("counter")))

        # The signals that its sparkles are bound to, and the one that leads nowhere.
        def signals() -> Any:
            told = person.live.signals.get(id_of("counter"))
            return {row.sparkle: row for row in told.rows} if told is not None else {}

        yield lambda: len(signals()) == 2
        assert (signals()["ttqt__plus__clicked"].signal, signals()["ttqt__plus__clicked"].connected) == (
            "clicked(bool)",
            True,
        )
        assert "Did you mean 'plus'?" in signals()["ttqt__pluss__clicked"].problem
        assert any("has no widget 'pluss'" in line.text for line in person.live.log.slice(0, len(person.live.log)))

        # Picked by a click in the app, which its button does not get.
        person.bench.selection.select(None)
        person.press(Qt.Key.Key_P, CTRL | ALT)
        assert person.bench.is_picking_in_app()
        yield lambda: any("by hand: pick" in text for text in person.log_texts())
        person.bench.requests.send(Call(1, id_of("desk"), "ttsc__click_plus"))
        yield lambda: person.bench.selection.thing == Thing("essence", id_of("counter"))
        assert person.sentence == "QPushButton 'plus' belongs to counter."
        assert "clicked" not in person.log_texts()
        assert not person.bench.is_picking_in_app()

        # Esc in the Studio ends it: the next click is one again.
        person.press(Qt.Key.Key_P, CTRL | ALT)
        person.press(Qt.Key.Key_Escape)
        assert not person.bench.is_picking_in_app()
        person.bench.requests.send(Call(2, id_of("desk"), "ttsc__click_plus"))
        yield lambda: "clicked" in person.log_texts()

    run_studio(steps, script(DESK, "desk.py"))
