"""The line above a list: what it says, how it breaks, what it tells."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tasktonic_studio import resources
from tasktonic_studio.ui.theme.stylesheet import dress, fill
from tasktonic_studio.ui.theme.theme import Theme
from tasktonic_studio.ui.widgets.filter_bar import FilterBar, FilterWords, Switch, count_words
from tasktonic_studio.ui.widgets.flow_row import FlowRow

WORDS = FilterWords("the log", ("words", "level:error", "tonic:pump", "-not"), "What can be typed.")


@pytest.fixture
def bar(qtbot: QtBot) -> FilterBar:
    """A bar with two switches and a button at its end, on screen."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    theme = Theme("dark")
    if application.styleSheet() != fill(resources.text("styles", "studio.qss"), theme):
        dress(application, theme)
    switches = [
        Switch("error", "Show errors", "Errors: shown or not", usual=True, text="Errors"),
        Switch("only", "Only one", "Only the selected one", usual=False, text="Only selected tonic"),
    ]
    made = FilterBar(WORDS, switches, QPushButton("End"))
    qtbot.addWidget(made)
    at_width(made, 700)
    made.show()
    return made


def at_width(bar: FilterBar, width: int) -> None:
    bar.resize(width, bar.heightForWidth(width))
    QApplication.processEvents()


def told(bar: FilterBar) -> list[str]:
    """The texts it tells from now on."""
    heard: list[str] = []
    bar.changed.connect(lambda: heard.append(bar.search.text()))
    return heard


def controls(bar: FilterBar) -> list[QWidget]:
    return [it for it in bar.children() if isinstance(it, QWidget) and it.isVisible() and it is not bar.problem]


@pytest.mark.parametrize("width", [240, 300, 340, 400, 500, 700])
def test_the_hint_says_as_much_as_fits_and_no_word_by_halves(bar: FilterBar, width: int) -> None:
    at_width(bar, width)

    hint = bar.search.placeholderText()
    assert hint in bar.search.hints
    assert bar.search.fontMetrics().horizontalAdvance(hint) <= bar.search.room_px()


def test_a_wider_line_has_more_examples(bar: FilterBar) -> None:
    at_width(bar, 260)
    narrow = bar.search.placeholderText()
    at_width(bar, 900)

    assert bar.search.placeholderText() == "Filter: words  level:error  tonic:pump  -not"
    assert bar.search.placeholderText().startswith(narrow)


@pytest.mark.parametrize("width", [220, 260, 300, 360, 420, 700])
def test_no_control_is_cut_or_covers_another(bar: FilterBar, width: int) -> None:
    bar.show_count("1 234 of 56 789")
    at_width(bar, width)

    shown = controls(bar)
    for one in shown:
        assert bar.rect().contains(one.geometry()), one
        if one is not bar.search:
            assert one.width() >= one.sizeHint().width(), one
        assert not [other for other in shown if other is not one and other.geometry().intersects(one.geometry())]


def test_a_narrow_bar_keeps_search_and_end_in_its_first_line(bar: FilterBar) -> None:
    at_width(bar, 300)

    end = bar.findChildren(QPushButton)[-1]
    first, second = bar.switches
    assert end.text() == "End"
    assert bar.search.geometry().center().y() == pytest.approx(end.geometry().center().y(), abs=2)
    assert first.geometry().top() >= bar.search.geometry().bottom()
    assert second.geometry().top() >= bar.search.geometry().bottom()


def test_a_wide_bar_is_one_line(bar: FilterBar) -> None:
    at_width(bar, 700)

    assert len({it.geometry().center().y() // 4 for it in controls(bar)}) == 1


def test_what_is_typed_counts_when_it_rests(bar: FilterBar, qtbot: QtBot) -> None:
    heard = told(bar)

    qtbot.keyClicks(bar.search, "pump")
    at_once = list(heard)

    qtbot.waitUntil(lambda: bool(heard))
    assert (at_once, heard) == ([], ["pump"])


def test_enter_takes_what_is_typed_at_once_and_leaves(bar: FilterBar, qtbot: QtBot) -> None:
    heard = told(bar)
    bar.search.setFocus()
    qtbot.keyClicks(bar.search, "pump")

    with qtbot.waitSignal(bar.left):
        qtbot.keyClick(bar.search, Qt.Key.Key_Return)

    assert heard == ["pump"]


def test_escape_empties_the_line_and_leaves(bar: FilterBar, qtbot: QtBot) -> None:
    bar.search.setFocus()
    qtbot.keyClicks(bar.search, "pump")

    with qtbot.waitSignal(bar.left):
        qtbot.keyClick(bar.search, Qt.Key.Key_Escape)

    assert bar.search.text() == ""


def test_show_all_undoes_text_and_switches_and_tells_it_once(bar: FilterBar, qtbot: QtBot) -> None:
    bar.search.setText("pump")
    for switch in bar.switches:
        qtbot.mouseClick(switch, Qt.MouseButton.LeftButton)
    heard = told(bar)

    bar.show_all()

    assert heard == [""]
    assert [switch.isChecked() for switch in bar.switches] == [True, False]


def test_state_comes_back_and_what_is_not_understood_does_no_harm(bar: FilterBar, qtbot: QtBot) -> None:
    bar.search.setText("pump")
    bar.switches[0].setChecked(False)
    kept = bar.save_state()
    bar.show_all()

    bar.restore_state(3, ["error"])
    untouched = (bar.search.text(), bar.switches[0].isChecked())
    bar.restore_state(kept["filter"], kept["switches"])

    assert untouched == ("", True)
    assert (bar.search.text(), bar.switches[0].isChecked()) == ("pump", False)


def test_counts_are_of_how_many_only_where_some_are_left_out() -> None:
    assert count_words(3, 12, is_filtered=True) == "3 of 12"
    assert count_words(12, 12, is_filtered=False) == "12"
    assert count_words(0, 0, is_filtered=True) == ""


def test_a_row_without_widgets_needs_no_room(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    row = FlowRow(widget)
    row.setContentsMargins(0, 0, 0, 0)

    assert (row.sizeHint().width(), row.heightForWidth(100)) == (0, 0)


def test_a_row_gives_its_widgets_back(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    row = FlowRow(widget)
    row.addWidget(label := QLabel("one"))
    row.removeWidget(label)

    assert row.count() == 0
    assert row.itemAt(0) is None


class LayoutRequests(QObject):
    """Counts how often something is laid out anew."""

    def __init__(self, *watched: QWidget) -> None:
        super().__init__()
        self.count = 0
        for widget in watched:
            widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.LayoutRequest
        return False


def test_a_count_of_as_many_figures_lays_out_nothing_anew(bar: FilterBar) -> None:
    bar.show_count("3 612")
    QApplication.processEvents()
    seen = LayoutRequests(bar)

    for number in range(3_613, 3_633):
        bar.show_count(f"{number // 1_000} {number % 1_000}", f"{number} runs")
        QApplication.processEvents()

    assert seen.count == 0
    bar.show_count("123 456 789 runs")
    QApplication.processEvents()
    assert seen.count > 0
    assert bar.counts.width() >= bar.counts.sizeHint().width()


def test_a_count_has_room_for_larger_letters(bar: FilterBar) -> None:
    bar.show_count("3 612")
    before = bar.counts.height()

    bar.setStyleSheet("QLabel { font-size: 40px }")
    at_width(bar, 700)

    assert bar.counts.height() > before
    assert bar.counts.width() >= bar.counts.fontMetrics().horizontalAdvance("3 612")
