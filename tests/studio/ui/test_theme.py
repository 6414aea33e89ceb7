"""A theme is chosen, told and worn; icons take its colours."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QRect
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QTextEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)
from pytestqt.qtbot import QtBot

from tasktonic_studio import resources
from tasktonic_studio.ui.theme import tokens
from tasktonic_studio.ui.theme.icons import Icons
from tasktonic_studio.ui.theme.stylesheet import dress, fill, palette
from tasktonic_studio.ui.theme.theme import Theme
from tests.helpers.undressed import undress


@pytest.fixture
def theme(qtbot: QtBot) -> Theme:
    return Theme("dark")


def test_a_colour_is_that_of_the_theme(theme: Theme) -> None:
    assert theme.color("panel") == QColor(tokens.DARK.panel)


def test_a_switch_is_told_once(theme: Theme, qtbot: QtBot) -> None:
    with qtbot.waitSignal(theme.changed):
        theme.choose("light")

    assert theme.name == "light"
    assert theme.color("panel") == QColor(tokens.LIGHT.panel)


def test_the_same_theme_again_is_no_news(theme: Theme, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(theme.changed):
        theme.choose("dark")


def test_an_unknown_theme_is_refused_with_those_there_are(theme: Theme) -> None:
    with pytest.raises(ValueError, match=r"No theme 'pink'\. There are: system, light, dark, contrast\."):
        theme.choose("pink")


def test_an_unknown_choice_at_the_start_follows_the_system(qtbot: QtBot) -> None:
    assert Theme("pink").choice == "system"


def test_text_scale_keeps_its_bounds(theme: Theme) -> None:
    theme.set_text_scale(9)

    assert theme.text_scale == 2.0


@pytest.mark.parametrize("name", tokens.THEMES)
def test_the_style_sheet_has_a_value_for_every_name(qtbot: QtBot, name: str) -> None:
    sheet = fill(resources.text("styles", "studio.qss"), Theme(name))

    assert "@" not in sheet
    assert "/*" not in sheet


def test_the_style_sheet_has_no_colour_of_its_own() -> None:
    template = re.sub(r"/\*.*?\*/", "", resources.text("styles", "studio.qss"), flags=re.DOTALL)

    assert re.findall(r"#[0-9a-fA-F]{3,8}\s*[;}]|rgba?\(", template) == []


@pytest.mark.parametrize("name", tokens.THEMES)
@pytest.mark.parametrize(
    "picture,file", [("down_arrow", "down"), ("folded", "folded"), ("unfolded", "unfolded"), ("checked", "checked")]
)
def test_a_picture_of_the_style_sheet_has_a_colour_of_its_theme_and_is_found(
    qtbot: QtBot, name: str, picture: str, file: str
) -> None:
    theme = Theme(name)
    drawn = resources.text("styles", f"{file}_{name}.svg")

    assert re.findall(r'stroke="([^"]+)"', drawn) == [theme.hex("text_muted")]
    assert resources.path("styles", f"{file}_{name}.svg").as_posix() in fill(f"@{picture}", theme)


@pytest.fixture
def dressed(qtbot: QtBot) -> Iterator[Theme]:
    """The theme that the application wears."""
    application, light = QApplication.instance(), Theme("light")
    assert isinstance(application, QApplication)
    dress(application, light)
    yield light
    undress()


def test_the_sheet_stays_on_as_long_as_there_is_a_widget(qapp: QApplication, dressed: Theme) -> None:
    label = QLabel("never on screen")
    undress()
    with_it = qapp.styleSheet()
    shiboken6.delete(label)
    undress()

    assert with_it
    assert bool(qapp.styleSheet()) == bool(qapp.allWidgets())


class Noting(QWidget):
    """Notes whether there is a style sheet, each time that its looks change."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[bool] = []

    def changeEvent(self, event: QEvent) -> None:
        application = QApplication.instance()
        if event.type() == QEvent.Type.StyleChange and isinstance(application, QApplication):
            self.sheets.append(bool(application.styleSheet()))


def test_another_sheet_is_put_on_where_there_is_none(qapp: QApplication, dressed: Theme, qtbot: QtBot) -> None:
    widget = Noting()
    qtbot.addWidget(widget)
    widget.ensurePolished()
    widget.sheets.clear()

    dress(qapp, Theme("dark"))
    changed = list(widget.sheets)
    dress(qapp, Theme("dark"))

    assert changed == [False, True]
    assert widget.sheets == changed, "the same once more changes nothing"


def test_what_was_measured_never_shown_and_is_gone_harms_no_other_theme(qapp: QApplication, dressed: Theme) -> None:
    labels = [QLabel("never on screen") for _ in range(50)]
    for label in labels:
        label.sizeHint()
    dress(qapp, Theme("dark"))
    for label in labels:
        label.sizeHint()
        shiboken6.delete(label)
    gc.collect()

    dress(qapp, Theme("contrast"))
    dress(qapp, Theme("light"))

    shown = QLabel("now")
    shown.ensurePolished()
    ink = shown.palette().color(shown.foregroundRole()).name()
    shiboken6.delete(shown)
    assert ink == Theme("light").color("text").name()


@pytest.mark.parametrize("kind", [QLineEdit, QPlainTextEdit, QTextEdit])
def test_a_hint_in_an_empty_field_can_be_read(qtbot: QtBot, dressed: Theme, kind: type[QWidget]) -> None:
    field = kind()
    qtbot.addWidget(field)
    field.ensurePolished()

    assert field.palette().placeholderText().color() == dressed.color("text_muted")


def test_a_field_for_numbers_is_as_high_as_one_for_words(qtbot: QtBot, dressed: Theme) -> None:
    number, words = QSpinBox(), QLineEdit()
    for field in (number, words):
        qtbot.addWidget(field)
        field.ensurePolished()

    assert abs(number.sizeHint().height() - words.sizeHint().height()) <= 4


@pytest.mark.parametrize("name", list(tokens.THEMES))
def test_a_field_for_numbers_shows_that_it_has_the_focus(qtbot: QtBot, dressed: Theme, name: str) -> None:
    dressed.choose(name)
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    dress(application, dressed)
    field = QSpinBox()
    qtbot.addWidget(field)
    with qtbot.waitActive(field):
        field.show()
        field.activateWindow()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)

    drawn = field.grab().toImage()
    edge = [drawn.pixelColor(drawn.width() // 2, y).name() for y in range(4)]

    assert max(tokens.contrast(colour, dressed.hex("window")) for colour in edge) >= 3


@pytest.mark.parametrize("role", ["mono", "code"])
def test_code_stands_in_letters_of_one_width(qtbot: QtBot, dressed: Theme, role: str) -> None:
    text = QPlainTextEdit()
    qtbot.addWidget(text)
    text.setProperty("role", role)
    text.ensurePolished()

    assert text.font().family() == dressed.font("mono").family()


def test_fold_marks_of_plain_trees_are_those_of_the_theme(qtbot: QtBot, dressed: Theme) -> None:
    tree = QTreeWidget()
    qtbot.addWidget(tree)
    tree.setHeaderHidden(True)
    item = QTreeWidgetItem(tree, ["above"])
    QTreeWidgetItem(item, ["below"])
    tree.show()

    place = tree.visualItemRect(item)
    mark = tree.viewport().grab(QRect(0, place.top(), tree.indentation(), place.height())).toImage()

    drawn = {mark.pixelColor(x, y).name() for x in range(mark.width()) for y in range(mark.height())}
    assert dressed.hex("text_muted") in drawn


def test_an_unknown_name_in_a_template_is_an_error(theme: Theme) -> None:
    with pytest.raises(KeyError, match="no_such_role"):
        fill("QWidget { color: @no_such_role; }", theme)


def test_the_palette_wears_the_theme(theme: Theme) -> None:
    assert palette(theme).window().color() == theme.color("window")
    assert palette(theme).text().color() == theme.color("text")


@pytest.mark.parametrize("name", resources.names("icons"))
def test_every_icon_is_of_one_colour_and_can_be_drawn(qtbot: QtBot, name: str) -> None:
    source = resources.text("icons", f"{name}.svg")
    icons = Icons(Theme("dark"))

    assert "currentColor" in source
    assert re.findall(r"#[0-9a-fA-F]{3,8}", source) == []
    assert not icons.icon(name).isNull()


def test_an_icon_takes_the_colour_of_its_role(theme: Theme) -> None:
    image = Icons(theme).pixmap("stop", "error", 16).toImage()

    assert image.pixelColor(8, 8).name() == theme.hex("error")


def test_an_icon_is_drawn_anew_for_another_theme(theme: Theme) -> None:
    icons = Icons(theme)
    before = icons.icon("stop", "error").pixmap(16, 16).toImage().pixelColor(8, 8)

    theme.choose("light")

    assert icons.icon("stop", "error").pixmap(16, 16).toImage().pixelColor(8, 8) != before


def test_an_unknown_icon_is_empty(theme: Theme) -> None:
    assert Icons(theme).icon("no such icon").isNull()
    assert Icons(theme).pixmap("no such icon").isNull()
    assert Icons(theme).icon("").isNull()


def test_a_missing_resource_names_those_there_are() -> None:
    with pytest.raises(
        FileNotFoundError, match=r"No resource layouts/none\.json in .* There is: analyse\.json, debug\.json"
    ):
        resources.path("layouts", "none.json")


def test_lines_of_trees_grow_with_the_text(qtbot: QtBot) -> None:
    def line_px(scale: float) -> int:
        return int(fill("@line", Theme("dark", text_scale=scale)).removesuffix("px"))

    assert line_px(1.0) >= 22
    assert line_px(1.6) > line_px(1.0)
