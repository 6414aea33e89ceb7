"""The form of a breakpoint: what goes in comes out, fields fit their kind, and what cannot be is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox
from pytestqt.qtbot import QtBot

from tasktonic.rules import KINDS, Breakpoint, Term, ttBreakpointError
from tasktonic_studio.ui.dialogs.breakpoint import (
    KIND_WORDS,
    RUNS_CODE,
    BreakpointDialog,
    RunUntilRuleDialog,
    when_words,
)

TERMS = [
    Term("sparkle", "ttsc__*", "Pump", "house/*", negated=True),
    Term("state", "full", "Pump", way="left"),
    Term("path", "limits/*"),
    Term("exception", "KeyError", way="not taken"),
    Term("sender", "timer"),
    Term("condition", "self.level > 80", "Pump"),
    Term("duration", cls="Pump", longer_than_ns=12_500_000),
]

Open = Callable[..., BreakpointDialog]


@pytest.fixture
def opened(qtbot: QtBot) -> Open:
    def make(point: Breakpoint, take: Any = lambda point: None) -> BreakpointDialog:
        dialog = BreakpointDialog(point, take)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return make


def ok(dialog: BreakpointDialog) -> None:
    QTest.mouseClick(dialog.buttons.button(QDialogButtonBox.StandardButton.Ok), Qt.MouseButton.LeftButton)


def test_every_kind_is_offered() -> None:
    assert set(KIND_WORDS) == set(KINDS)


def test_what_goes_in_comes_out(opened: Open) -> None:
    point = Breakpoint(4, tuple(TERMS), enabled=False, once=True, every=7, log=True, only_this=True)
    taken: list[Breakpoint] = []

    ok(opened(point, taken.append))

    assert taken == [point]


@pytest.mark.parametrize("term", TERMS, ids=[term.kind for term in TERMS])
def test_only_fields_of_its_kind_are_shown(opened: Open, term: Term) -> None:
    dialog = opened(Breakpoint(1, (term,)))
    [form] = dialog.forms

    assert form.what.isVisible() == (term.kind != "duration")
    assert form.way.isVisible() == (term.kind in ("state", "exception"))
    assert form.longer.isVisible() == (term.kind == "duration")
    assert form.note.isVisible() == (term.kind == "condition")


def test_a_condition_is_marked_as_code_that_runs_in_the_app(opened: Open) -> None:
    dialog = opened(Breakpoint(1, (TERMS[5],)))
    [form] = dialog.forms

    assert form.note.text() == RUNS_CODE


def test_what_cannot_be_is_said_and_the_form_stays(opened: Open) -> None:
    dialog = opened(Breakpoint(3, (Term("condition", "self."),)))

    ok(dialog)

    assert dialog.isVisible()
    assert dialog.problem.text().startswith("Breakpoint 3: the condition 'self.' is no Python expression")


def test_what_is_refused_by_who_takes_it_is_said(opened: Open) -> None:
    def refuse(point: Breakpoint) -> None:
        raise ttBreakpointError("There are 500 breakpoints already.")

    dialog = opened(Breakpoint(0, (TERMS[0],)), refuse)
    ok(dialog)

    assert dialog.problem.text() == "There are 500 breakpoints already."


def test_terms_are_added_and_removed_but_for_the_last(opened: Open) -> None:
    dialog = opened(Breakpoint(0, (TERMS[0],)))
    assert not dialog.forms[0].remove.isEnabled()

    QTest.mouseClick(dialog.more, Qt.MouseButton.LeftButton)
    assert [form.term().kind for form in dialog.forms] == ["sparkle", "condition"]
    QTest.mouseClick(dialog.forms[0].remove, Qt.MouseButton.LeftButton)

    assert [form.term().kind for form in dialog.forms] == ["condition"]
    assert not dialog.forms[0].remove.isEnabled()


def test_what_it_says_follows_the_fields(opened: Open) -> None:
    dialog = opened(Breakpoint(0, (Term("sparkle", "ttsc__open"),)))

    QTest.keyClicks(dialog.forms[0].cls, "Door")
    dialog.every.setValue(10)

    assert dialog.sentence.text() == "Door.ttsc__open"
    assert dialog.when.text() == "It holds all catalysts before the order runs, every 10th time."


def test_the_form_for_running_until_something_asks_for_nothing_that_does_not_matter(qtbot: QtBot) -> None:
    taken: list[Breakpoint] = []
    dialog = RunUntilRuleDialog(Breakpoint(0, (Term("sparkle", "ttsc__open"),)), taken.append)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.show()

    ok(dialog)

    assert not dialog.once.isVisible()
    assert dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).text() == "Run"
    assert taken == [Breakpoint(0, (Term("sparkle", "ttsc__open"),))]


@pytest.mark.parametrize(
    "point, words",
    [
        (Breakpoint(1, (TERMS[0],), only_this=True), "It holds this catalyst before the order runs."),
        (Breakpoint(1, (TERMS[1],), once=True), "It holds all catalysts right after the run that did it, once."),
        (Breakpoint(1, (TERMS[5],), log=True), "It says so in the log after the run that made it true."),
    ],
)
def test_when_and_what_it_does_is_said(point: Breakpoint, words: str) -> None:
    assert when_words(point) == words
