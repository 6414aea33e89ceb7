"""Dialogs ask one thing, hold at once what is changed, and tell what is so."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLabel, QPushButton, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from tasktonic.protocol.messages import NextOrder
from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.running import RunningApp
from tasktonic_studio.settings import Settings, shown_settings
from tasktonic_studio.ui.dialogs.about import AboutDialog
from tasktonic_studio.ui.dialogs.attach import AttachDialog
from tasktonic_studio.ui.dialogs.change_state import ChangeStateDialog
from tasktonic_studio.ui.dialogs.contract import ContractDialog
from tasktonic_studio.ui.dialogs.crash_report import CrashReport, report_text
from tasktonic_studio.ui.dialogs.keys import KeySheet
from tasktonic_studio.ui.dialogs.settings import SettingsDialog
from tasktonic_studio.ui.panels.catalysts.order_dialog import EditDialog
from tasktonic_studio.ui.theme.icons import Icons
from tasktonic_studio.ui.theme.stylesheet import dress
from tasktonic_studio.ui.theme.theme import Theme
from tests.helpers.builders import a_session_with_plant


@pytest.fixture
def icons(qtbot: QtBot) -> Icons:
    return Icons(Theme("dark"))


# ---- settings


@pytest.fixture
def settings() -> Settings:
    return Settings()


@pytest.fixture
def form(qtbot: QtBot, settings: Settings) -> SettingsDialog:
    dialog = SettingsDialog(settings, {"Settings": Path("/somewhere/settings.json")})
    qtbot.addWidget(dialog)
    return dialog


def test_every_shown_setting_has_a_field_with_its_name(form: SettingsDialog) -> None:
    assert list(form.fields) == [setting.key for setting in shown_settings()]
    for setting in shown_settings():
        assert form.fields[setting.key].accessibleName() == setting.title


def test_a_choice_holds_at_once(form: SettingsDialog, settings: Settings) -> None:
    field = form.fields["theme"]
    assert isinstance(field, QComboBox)

    field.setCurrentText("contrast")

    assert settings.get("theme") == "contrast"


def test_a_flag_says_in_a_word_how_it_is(form: SettingsDialog, settings: Settings) -> None:
    field = form.fields["motion"]
    assert isinstance(field, QCheckBox)

    field.setChecked(False)

    assert settings.flag("motion") is False
    assert field.text() == "Off"


def test_a_number_keeps_its_bounds(form: SettingsDialog, settings: Settings) -> None:
    field = form.fields["ui.scale_percent"]
    assert isinstance(field, QSpinBox)

    field.setValue(1000)

    assert settings.integer("ui.scale_percent") == 200


def test_a_change_from_elsewhere_is_shown(form: SettingsDialog, settings: Settings) -> None:
    settings.set("theme", "light")

    field = form.fields["theme"]
    assert isinstance(field, QComboBox)
    assert field.currentText() == "light"


def test_reset_brings_back_what_was_at_first(form: SettingsDialog, settings: Settings) -> None:
    settings.set("theme", "light")

    form._reset.click()

    assert settings.get("theme") == "system"


def test_the_form_says_where_the_files_are(form: SettingsDialog) -> None:
    assert any("/somewhere/settings.json" in label.text() for label in form.findChildren(QLabel))


def test_with_large_text_the_dialogs_are_larger(qtbot: QtBot, qapp: QApplication, icons: Icons) -> None:
    def sizes() -> list[tuple[int, int]]:
        dialogs = (
            SettingsDialog(Settings(), {}),
            AttachDialog(icons, lambda: None),
            ChangeStateDialog("pump", ["closed", "open"], "open"),
            CrashReport("KeyError: 'state'"),
            AboutDialog(icons, {}),
        )
        for dialog in dialogs:
            qtbot.addWidget(dialog)
        return [(dialog.width(), dialog.height()) for dialog in dialogs]

    dress(qapp, Theme("dark"))
    usual = sizes()
    dress(qapp, Theme("dark", text_scale=1.3))
    large = sizes()

    assert all(wide > width and high > height for (wide, high), (width, height) in zip(large, usual, strict=True))


def test_with_large_text_nothing_is_cut_off_beside_the_arguments_of_an_order(qtbot: QtBot, qapp: QApplication) -> None:
    dress(qapp, Theme("dark", text_scale=2.0))
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = EditDialog(NextOrder(1, 2, "pump", "ttsc__open"), lambda _typed: None, parent)
    dialog.resize(dialog.minimumWidth(), dialog.height())
    dialog.show()

    qtbot.waitUntil(
        lambda: all(it.width() >= it.sizeHint().width() or it.wordWrap() for it in dialog.findChildren(QLabel))
    )


@pytest.mark.parametrize("width", [600, 800, 1200])
def test_with_large_text_nothing_that_is_said_about_a_setting_is_cut(
    qtbot: QtBot, qapp: QApplication, width: int
) -> None:
    dress(qapp, Theme("dark", text_scale=2.0))
    dialog = SettingsDialog(Settings(), {"Settings": Path("/somewhere/settings.json")})
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.resize(width, 600)

    qtbot.waitUntil(lambda: [it.text() for it in dialog.findChildren(QLabel) if is_cut(it)] == [])


def is_cut(label: QLabel) -> bool:
    """Whether lines of a label have no room."""
    return label.wordWrap() and label.height() < label.heightForWidth(label.width())


@pytest.mark.parametrize("width", [800, 1280])
def test_with_large_text_a_condition_of_a_contract_has_room(qtbot: QtBot, qapp: QApplication, width: int) -> None:
    dress(qapp, Theme("dark", text_scale=2.0))
    dialog = ContractDialog(a_session_with_plant().live, ())
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.resize(width, 600)
    row = dialog.rows[0]

    def is_whole(widget: QWidget) -> bool:
        seen = widget.visibleRegion().boundingRect()
        return seen == widget.rect() and seen.width() >= widget.minimumSizeHint().width()

    qtbot.waitUntil(lambda: all(is_whole(it) for it in (row.tonic, row.kind, row.what, row.remove)))


# ---- attach

ABLE = RunningApp(34, "plant.py", "/home/me/plant.py", address="there")
UNABLE = RunningApp(12, "old.py", problem="It speaks protocol 0, this Studio speaks 1.")


@pytest.fixture
def attach(qtbot: QtBot, icons: Icons) -> AttachDialog:
    dialog = AttachDialog(icons, lambda: None)
    qtbot.addWidget(dialog)
    return dialog


def test_without_an_app_there_is_nothing_to_attach_to(attach: AttachDialog) -> None:
    attach.show_running([UNABLE])

    assert not attach.attach_button.isEnabled()
    assert "None of these can be." in attach._hint.text()
    assert attach.list.isVisibleTo(attach)


def test_without_any_app_it_says_so_instead_of_an_empty_box(attach: AttachDialog) -> None:
    attach.show_running([])

    assert attach.nothing.isVisibleTo(attach)
    assert attach.nothing.accessibleName() == "No app to attach to"
    attach.show_running([ABLE])
    assert not attach.nothing.isVisibleTo(attach)


def test_an_app_that_cannot_be_watched_says_why(attach: AttachDialog) -> None:
    attach.show_running([UNABLE, ABLE])

    assert [attach.list.item(row).text() for row in range(2)] == [
        "plant.py  ·  pid 34\n/home/me/plant.py",
        "old.py  ·  pid 12\nIt speaks protocol 0, this Studio speaks 1.",
    ]


def test_the_only_app_is_chosen_already(attach: AttachDialog, qtbot: QtBot) -> None:
    attach.show_running([UNABLE, ABLE])

    with qtbot.waitSignal(attach.chosen) as told:
        attach.attach_button.click()

    assert told.args == [ABLE]


def test_the_choice_stays_when_the_list_is_looked_up_again(attach: AttachDialog) -> None:
    other = RunningApp(99, "other.py", address="here")
    attach.show_running([ABLE, other])
    attach.list.setCurrentRow(1)

    attach.show_running([RunningApp(50, "new.py"), ABLE, other])

    assert attach._chosen() == other


# ---- the others


def test_about_copies_what_a_report_needs(qtbot: QtBot, icons: Icons) -> None:
    dialog = AboutDialog(icons, {"Settings": Path("/somewhere")})
    qtbot.addWidget(dialog)

    next(button for button in dialog.findChildren(QPushButton) if button.text() == "Copy").click()

    text = QGuiApplication.clipboard().text()
    assert text.startswith("TaskTonic Studio ")
    assert "Settings: /somewhere" in text


def test_a_crash_report_has_traceback_and_versions() -> None:
    try:
        raise ValueError("no such thing")
    except ValueError as problem:
        text = report_text(ValueError, problem, problem.__traceback__, {})

    assert "ValueError: no such thing" in text
    assert "TaskTonic Studio" in text


def test_the_sheet_of_keys_has_every_command_with_a_key(qtbot: QtBot) -> None:
    commands = [
        Command("a", "Alpha", "Does a.", lambda _c: None, ("F5",), menu="Run"),
        Command("b", "Beta", "Does b.", lambda _c: None, menu="File"),
        Command("c", "Gamma", "Does c.", lambda _c: None, ("Ctrl+G", "G"), menu="View/Panels"),
    ]

    sheet = KeySheet(commands, lambda command: command.keys)
    qtbot.addWidget(sheet)

    words = {label.text() for label in sheet.findChildren(QLabel)}
    assert {"Alpha", "F5", "Gamma", "Ctrl+G  G", "Run", "View"} <= words
    assert "Beta" not in words


def test_the_sheet_of_keys_stands_in_one_column_where_two_have_no_room(qtbot: QtBot) -> None:
    commands = [
        Command("a", "Alpha " * 12, "Does a.", lambda _c: None, ("F5",), menu="File"),
        Command("c", "Gamma " * 12, "Does c.", lambda _c: None, ("Ctrl+G",), menu="View"),
    ]
    sheet = KeySheet(commands, lambda command: command.keys)
    qtbot.addWidget(sheet)
    words = {label.text(): label for label in sheet.findChildren(QLabel)}
    sheet.show()

    for width, side_by_side in ((1_900, True), (700, False), (1_900, True)):
        sheet.resize(width, 500)
        qtbot.waitUntil(lambda side_by_side=side_by_side: (words["View"].x() > words["File"].x()) == side_by_side)
    sheet.resize(700, 500)
    qtbot.waitUntil(lambda: words["View"].y() > words["File"].y())
