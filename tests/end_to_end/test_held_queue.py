"""The queue of a real, held app is looked at and changed by keys and mouse in the real window."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from tests.helpers.held_apps import (
    ALT,
    CTRL,
    PAINTERS,
    QT_DESK,
    Key,
    Steps,
    by_name,
    dialog,
    held,
    is_held,
    orders,
    queue_of,
)


def typed(page: Any) -> list[str]:
    return [order.typed for order in orders(page)]


def chosen(person: Any, page: Any, row: int) -> Steps:
    """Click on a row of the queue, and wait until keys go there: a dialog may just have closed."""
    person.window.activateWindow()
    page.table.scrollTo(page.model.index(row, 0))
    person.click(page.table.viewport(), page.table.visualRect(page.model.index(row, 1)).center())
    page.table.setFocus()
    yield lambda: QApplication.focusWidget() is page.table


def test_the_queue_of_a_held_catalyst_is_changed_by_keys(run_studio: Any, script: Any) -> None:
    def steps(person: Any) -> Steps:
        yield from held(person)
        page = queue_of(person)
        yield lambda: len(orders(page)) > 5
        first, second, third = typed(page)[:3]
        numbers = [order.number for order in orders(page)]
        assert orders(page)[0].sender == "boss · ttse__on_timer"
        assert page.model.index(0, 5).data().startswith("number=")

        yield from chosen(person, page, 1)
        person.press(Key.Key_Up, ALT)
        yield lambda: typed(page)[:3] == [second, first, third]

        yield from chosen(person, page, 2)
        person.press(Key.Key_D, CTRL)
        yield lambda: typed(page)[:4] == [second, first, third, third]

        yield from chosen(person, page, 0)
        person.press(Key.Key_Delete)
        yield lambda: typed(page)[:3] == [first, third, third]
        yield lambda: person.live.order_of(numbers[1]).row not in person.live.waiting.all_rows()

        yield from chosen(person, page, 1)
        person.press(Key.Key_F2)
        yield lambda: dialog("edit_order") is not None
        edit = dialog("edit_order")
        edit.line.setText("colour")
        assert not edit.do_it.isEnabled()
        assert "'colour' is no list of arguments" in edit.problem.text() or "no Python literal" in edit.problem.text()
        edit.line.setText("..., 'gold'")
        QTest.keyClick(edit.line, Key.Key_Return)
        gold = third.split(",")[0] + ", 'gold'"
        yield lambda: typed(page)[:3] == [first, gold, third]

        yield from chosen(person, page, 1)
        person.press(Key.Key_Insert)
        yield lambda: dialog("new_order") is not None
        new = dialog("new_order")
        new.tonic.setCurrentText("painter")
        new.sparkle.setCurrentText("ttsc__paint")
        new.line.setText("0, 'white'")
        QTest.keyClick(new.line, Key.Key_Return)
        yield lambda: typed(page)[:3] == ["0, 'white'", first, gold]

        def middle(row: int) -> QPoint:
            return QPoint(page.table.visualRect(page.model.index(row, 2)).center())

        QTest.mousePress(page.table.viewport(), Qt.MouseButton.LeftButton, pos=middle(0))
        for place in (middle(1), middle(2) + QPoint(0, 6)):
            QTest.mouseMove(page.table.viewport(), place)
            QApplication.processEvents()
        QTest.mouseRelease(page.table.viewport(), Qt.MouseButton.LeftButton, pos=middle(2) + QPoint(0, 6))
        yield lambda: typed(page)[:3] == [first, gold, "0, 'white'"]

        yield from chosen(person, page, 0)
        for _ in range(3):
            runs = len(person.live.runs)
            person.press(Key.Key_F10)
            yield lambda runs=runs: len(person.live.runs) > runs
        said = [text for text in person.log_texts() if text.startswith("by hand: ")]
        for what in ("move order", "duplicate order", "drop order", "edit order", "add order", "step"):
            assert any(text.startswith(f"by hand: {what} ") for text in said), what

    run_studio(steps, script(PAINTERS))


def test_an_order_that_ran_meanwhile_is_refused_with_a_sentence_on_screen(run_studio: Any, script: Any) -> None:
    def steps(person: Any) -> Steps:
        yield from held(person)
        page = queue_of(person)
        yield lambda: len(orders(page)) > 5
        number = orders(page)[0].number
        yield from chosen(person, page, 0)
        person.press(Key.Key_F2)
        yield lambda: dialog("edit_order") is not None
        edit = dialog("edit_order")
        # Another hand lets it run while the dialog is open.
        person.bench.run("run.step")
        yield lambda: person.live.run_of(number) is not None
        QTest.keyClick(edit.line, Key.Key_Return)
        yield (
            lambda: (
                person.sentence
                == (f"Order {number} waits for side no longer: it has run meanwhile, or was taken away.")
            )
        )

    run_studio(steps, script(PAINTERS))


def test_one_catalyst_is_held_from_its_pill_while_the_others_run_on(run_studio: Any, script: Any) -> None:
    def steps(person: Any) -> Steps:
        yield lambda: person.live.target.status == "running" and by_name(person, "painter") >= 0
        strip = person.bench.strip._pills
        yield lambda: any("side" in it.text() for it in strip._pills.values())
        pill = next(it for it in strip._pills.values() if "side" in it.text())
        strip.menu_wanted.emit(by_name(person, "side"), pill.mapToGlobal(QPoint(2, 2)))
        yield lambda: QApplication.activePopupWidget() is not None
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        line = next(it for it in menu.actions() if it.objectName() == "run.hold_catalyst")
        QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(line).center())

        yield lambda: is_held(person, "side")
        assert not is_held(person)
        assert person.bench.held_bar.words.text() == (
            "side of 3 catalysts stands before the next sparkle; its timers stand still."
        )
        runs = len(person.live.runs)
        yield lambda: len(person.live.runs) > runs  # the boss ticks on
        person.bench.run("run.release_catalyst")
        yield lambda: person.live.target.status == "running"

    run_studio(steps, script(PAINTERS))


def test_a_held_qt_app_paints_on_says_so_and_loses_no_click(run_studio: Any, script: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")

    def steps(person: Any) -> Steps:
        yield lambda: "title Desk" in person.log_texts() and person.live.target.status == "running"
        person.press(Key.Key_F6)
        yield lambda: is_held(person)
        yield lambda: "title ❚❚ held — Desk" in person.log_texts()
        yield lambda: "painted on" in person.log_texts()
        assert "clicked" not in person.log_texts()
        page = queue_of(person, "main_catalyst")
        yield lambda: [order.sparkle for order in orders(page)] == ["ttqt__button__clicked"]

        person.press(Key.Key_F10)
        yield lambda: "clicked" in person.log_texts()
        assert is_held(person)
        person.press(Key.Key_F5)
        yield lambda: person.log_texts().count("title Desk") == 2 and person.live.target.status == "running"

    run_studio(steps, script(QT_DESK))
