"""Every panel there is, by keyboard, for a screen reader, in every theme and with large text. A new panel is covered by itself."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QGraphicsView,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QWidget,
)
from pytestqt.exceptions import TimeoutError as QtBotTimeoutError
from pytestqt.qtbot import QtBot

from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.layouts import Arrangement, Split, Tabs
from tasktonic_studio.ui.panel import Panel
from tasktonic_studio.ui.panel_list import all_panels
from tasktonic_studio.ui.panels.editor.view import EditorView
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.widgets.elided_label import ElidedLabel
from tasktonic_studio.ui.widgets.on_screen import is_on_screen
from tests.helpers.builders import PLANT_SCRIPT, a_session_with_plant, plant_of
from tests.helpers.line_apps import stopped_facts
from tests.helpers.window_stand import WindowStand

from .conftest import MakeStand

PANELS = [panel.id for panel in all_panels()]
LEAST_CONTRAST = 4.5
MOST_ROWS = 4
"""So many rows of a list are looked at, in all their columns."""
MOST_STEPS = 60
"""More stops than this no panel has: who walks so far walks in circles."""

Key = Qt.Key


class Shown:
    """A panel in the window, on a lively plant of which a pump, or its last run, is selected."""

    def __init__(self, stand: WindowStand, panel: str) -> None:
        self.stand = stand
        self.widget: QWidget = stand.bench.area.dock(panel).widget()
        pill = stand.window.findChild(QPushButton, "pill")
        assert pill is not None
        self.pill = pill

    @property
    def has_focus(self) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and (focus is self.widget or self.widget.isAncestorOf(focus))

    def all(self, kind: type[Any]) -> list[Any]:
        """The widgets of a kind that can be seen."""
        return [it for it in self.widget.findChildren(kind) if is_on_screen(it)]

    def stops(self) -> set[QWidget]:
        """Where Tab ought to come to."""
        reachable = (it for it in self.all(QWidget) if it.focusPolicy() & Qt.FocusPolicy.TabFocus and it.isEnabled())
        return {it for it in reachable if it.focusProxy() is None}


Show = Callable[..., Shown]


@pytest.fixture
def show(make_stand: MakeStand, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Show:
    """Show a panel alone, or beside another one."""
    # Tab is typed into the source; nobody is there to answer what to do with that.
    monkeypatch.setattr(EditorView, "ask", staticmethod(lambda *_: "Discard"))

    def show_panel(
        panel: str, panels: list[Panel] | None = None, beside: str = "", width: int = 1000, text_percent: int = 100
    ) -> Shown:
        if panels is None:
            panels = [each for each in all_panels() if each.id in (panel, "log", "trace")]
        settings = {"ui.scale_percent": text_percent}
        stand = make_stand(a_session_with_plant(), panels=panels, settings=settings)
        bench = stand.bench
        if panel == "lines":
            stand.session.lines = stopped_facts()
        stand.theme.set_text_scale(text_percent / 100)
        stand.window.resize(1000, 720)
        bench.show_panel(panel)
        tree: Tabs | Split = Tabs((panel,), 100)
        other = beside or next(it.id for it in panels if it.id != panel)
        if beside or width < 1000:
            tree = Split(True, (tree, Tabs((other,), 100)), 100)
        bench.area.arrange(Arrangement("alone", "Alone", "", "", 99, tree))
        if width < 1000:
            docks = [bench.area.dock(panel), bench.area.dock(other)]
            # With a wider font than usual a panel needs more to have room for its longest word.
            width = max(width, docks[0].widget().minimumSizeHint().width())
            bench.area.resizeDocks(docks, [width, bench.area.width() - width], Qt.Orientation.Horizontal)
        with qtbot.waitActive(stand.window):
            stand.window.activateWindow()
        if panel == "editor":
            bench.open_source(PLANT_SCRIPT, 1)
        pump = plant_of(stand.session).pumps[0]
        run = _last_run(stand, pump)
        bench.selection.select(Thing("run", run) if panel == "sequence" else Thing("essence", pump))
        bench.show_panel(panel)
        shown = Shown(stand, panel)
        qtbot.waitUntil(lambda: shown.widget.isVisible() and shown.has_focus)
        return shown

    return show_panel


def _last_run(stand: WindowStand, essence: int) -> int:
    runs = stand.session.live.runs
    return runs.row(int(runs.find("essence", essence)[-1])).run


def name_of(widget: QWidget) -> str:
    """What a screen reader says of a widget."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name)


def told(widgets: Any) -> list[str]:
    """Widgets in words, for a message."""
    return sorted(f"{type(each).__name__} {each.objectName() or name_of(each)!r}" for each in widgets)


def focused() -> QWidget:
    """Where the keyboard is."""
    focus = QApplication.focusWidget()
    assert focus is not None
    return focus


def walk(shown: Shown, key: Qt.Key) -> list[QWidget]:
    """Press a key where the focus is, once around the window or until it is taken as text; gives the stops in the panel."""
    start = shown.pill
    start.setFocus()
    came: list[QWidget] = []
    for _ in range(MOST_STEPS):
        before = focused()
        QTest.keyClick(before, key)
        focus = focused()
        if focus is start or focus is before:
            break
        if shown.has_focus:
            came.append(focus)
    return came


def takes_tab(widget: QWidget) -> bool:
    """Whether a widget takes the key as text; Ctrl+F6 leads out of it."""
    return widget.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)


@pytest.mark.parametrize("panel", PANELS)
def test_tab_comes_to_everything_in_a_panel_and_out_again(show: Show, panel: str) -> None:
    shown = show(panel, all_panels())

    forward, end = walk(shown, Key.Key_Tab), focused()
    back, begin = walk(shown, Key.Key_Backtab), focused()

    came = [set(forward), set(back)]
    if takes_tab(end):
        came = [set(forward) | set(back)]
    else:
        assert end is begin is shown.pill, "the way leads once around the window"
    for stops in came:
        assert told(shown.stops() - stops) == []
    assert shown.stops()
    assert told(each for each in (*forward, *back) if not is_on_screen(each)) == []


@pytest.mark.parametrize("panel", PANELS)
def test_everything_one_comes_to_has_a_name(show: Show, panel: str) -> None:
    shown = show(panel)

    assert [type(each).__name__ for each in shown.stops() if not name_of(each).strip()] == []


def test_out_of_a_text_leads_the_key_to_the_next_panel(show: Show) -> None:
    shown = show("editor", all_panels(), beside="log")
    text = focused()
    assert takes_tab(text)

    QTest.keyClick(text, Key.Key_F6, Qt.KeyboardModifier.ControlModifier)

    log = shown.stand.bench.area.dock("log").widget()
    assert log.isAncestorOf(focused())


# ---- what one sees


def contrast_of(image: QImage) -> float:
    """The contrast of the strongest ink in a picture to its ground, which is the most frequent colour."""
    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(plain.constBits(), np.uint32).reshape(plain.height(), plain.bytesPerLine() // 4)
    colours, counts = np.unique(pixels[:, : plain.width()] & 0xFFFFFF, return_counts=True)
    ground, *inks = [f"#{colour:06x}" for colour in colours[np.argsort(-counts)].tolist()]
    return max((tokens.contrast(ink, ground) for ink in inks), default=0.0)


def texts_in(widget: QWidget) -> Iterator[tuple[str, QRect]]:
    """The texts that a widget shows, with where they stand in it."""
    inner = widget.rect().adjusted(4, 4, -4, -4)
    if isinstance(widget, QLineEdit):
        yield widget.text() or widget.placeholderText(), inner
    elif isinstance(widget, QLabel | QAbstractButton):
        yield widget.text() if _says_its_text(widget) else "", inner
    elif isinstance(widget, QAbstractItemView) and not isinstance(widget, QHeaderView):
        model, ground = widget.model(), widget.viewport().geometry()
        for row, column in itertools.product(range(MOST_ROWS), range(model.columnCount())):
            index = model.index(row, column)
            place = widget.visualRect(index).translated(ground.topLeft())
            # Of a row that is cut at the edge of a list only ground may be in sight.
            is_whole = ground.top() <= place.top() and place.bottom() <= ground.bottom()
            yield str(index.data() or "") if is_whole else "", place & ground


def _says_its_text(widget: QLabel | QAbstractButton) -> bool:
    return not isinstance(widget, QToolButton) or widget.toolButtonStyle() != Qt.ToolButtonStyle.ToolButtonIconOnly


def readable(widget: QWidget) -> bool:
    """Whether text of it has to be readable: of what is off need not be."""
    return widget.isEnabled() and is_on_screen(widget)


@pytest.mark.parametrize("panel", PANELS)
def test_all_text_stands_out_from_its_ground_in_every_theme(show: Show, panel: str) -> None:
    # Large, so that strokes are as wide as pixels: thin ones are a mixture of ink and ground.
    shown = show(panel, text_percent=200)
    faint = []
    measured = 0

    for theme in tokens.THEMES:
        shown.stand.bench.set_theme(theme)
        QApplication.processEvents()
        picture = shown.widget.grab().toImage()
        for widget in filter(readable, shown.all(QWidget)):
            corner = widget.mapTo(shown.widget, QPoint())
            for text, place in texts_in(widget):
                if text.strip(" –-—·") and place.width() > 8 and place.height() > 8:
                    measured += 1
                    contrast = contrast_of(picture.copy(place.translated(corner)))
                    if contrast < LEAST_CONTRAST:
                        faint.append(f"{theme}: {text[:40]!r} of {type(widget).__name__}: {contrast:.1f} : 1")

    assert faint == []
    assert measured >= len(tokens.THEMES)


def paints(widget: QWidget) -> bool:
    """Whether a widget paints what it shows, and so much of the panel that it is a view of something."""
    own = any("paintEvent" in kind.__dict__ for kind in type(widget).__mro__ if "tasktonic_studio" in kind.__module__)
    is_view = isinstance(widget, QAbstractScrollArea) or own
    is_listing = isinstance(widget, QAbstractItemView) or takes_tab(widget)
    return (own or isinstance(widget, QGraphicsView)) and is_view and not is_listing


def is_large(shown: Shown, widget: QWidget) -> bool:
    return widget.width() * widget.height() * 5 > shown.widget.width() * shown.widget.height()


def has_rows(shown: Shown) -> bool:
    """Whether a table or tree with rows takes up a good part of the panel."""
    return any(is_large(shown, it) and it.model().rowCount() for it in shown.all(QAbstractItemView))


@pytest.mark.parametrize("panel", PANELS)
def test_what_is_painted_can_be_had_as_rows_by_key(show: Show, qtbot: QtBot, panel: str) -> None:
    shown = show(panel)
    painted = [each for each in shown.all(QWidget) if paints(each) and is_large(shown, each)]
    if not painted:
        assert has_rows(shown) or any(takes_tab(each) for each in shown.stops())
        return
    switches = [it for it in walk(shown, Key.Key_Tab) if isinstance(it, QAbstractButton) and it.isCheckable()]
    found = []

    for switch in sorted(switches, key=lambda it: "table" not in f"{name_of(it)} {it.toolTip()}".lower()):
        QTest.keyClick(switch, Key.Key_Space)
        try:
            qtbot.waitUntil(lambda: has_rows(shown))
        except QtBotTimeoutError:
            QTest.keyClick(switch, Key.Key_Space)
        else:
            found.append(name_of(switch))
            break

    assert found, f"{told(painted)} has no table twin; looked behind {told(switches)}"


@pytest.mark.parametrize("panel", PANELS)
@pytest.mark.parametrize("width", [1000, 300])
def test_no_word_is_cut_when_text_is_twice_as_large(show: Show, qtbot: QtBot, panel: str, width: int) -> None:
    shown = show(panel, text_percent=200, width=width)

    def cut() -> list[str]:
        return [told([each])[0] for each in shown.all(QWidget) if readable(each) and is_cut(each)]

    qtbot.waitUntil(lambda: cut() == [])


def is_cut(widget: QWidget) -> bool:
    """Whether a word of a button or label has not enough room."""
    if not isinstance(widget, QLabel | QAbstractButton) or isinstance(widget, ElidedLabel) or not widget.text():
        return False
    if not _says_its_text(widget) or (isinstance(widget, QLabel) and widget.wordWrap()):
        return False
    metrics = widget.fontMetrics()
    lines = widget.text().splitlines()
    needed = max(metrics.horizontalAdvance(line) for line in lines)
    if isinstance(widget, QAbstractButton) and not widget.icon().isNull():
        needed += widget.iconSize().width()
    return widget.width() < needed or widget.height() < metrics.height() * len(lines) * 0.9
