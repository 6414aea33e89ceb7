"""Which lines belong to the handler of which sparkle."""

from __future__ import annotations

from tasktonic_studio.analysis.handlers import Handler, handler_at, handlers_of

SOURCE = '''\
import tasktonic

class Door(tasktonic.ttTonic):
    def ttse__on_start(self):
        self.ttsc__open()

    @staticmethod
    def helper():
        """ttsc__not_one"""

    @marked
    def ttsc_shut__open(self):
        class Inner(tasktonic.ttTonic):
            def ttqt__panel__clicked(self):
                pass

    def ttsx__misspelt(self):
        pass

def ttsc__outside():
    pass
'''


def test_handlers_are_found_with_class_and_sparkle() -> None:
    assert handlers_of(SOURCE) == (
        Handler("Door", "ttse__on_start", 4, 4, 5),
        Handler("Door", "ttsc__open", 12, 11, 15),
        Handler("Inner", "ttqt__panel__clicked", 14, 14, 15),
    )


def test_a_line_belongs_to_the_innermost_handler() -> None:
    found = [handler_at(SOURCE, line) for line in range(1, 22)]

    assert [handler.sparkle if handler else "" for handler in found] == [
        *[""] * 3, "ttse__on_start", "ttse__on_start", *[""] * 4, "",
        "ttsc__open", "ttsc__open", "ttsc__open", "ttqt__panel__clicked", "ttqt__panel__clicked", *[""] * 6,
    ]  # fmt: skip


def test_what_is_no_python_has_no_handlers() -> None:
    assert handlers_of("class Door(:\n") == ()
    assert handlers_of("\0") == ()


def test_while_a_line_is_half_typed_the_others_are_known() -> None:
    found = handlers_of(SOURCE + "\nx = (")

    assert {(it.cls, it.sparkle, it.line) for it in found} == {
        (it.cls, it.sparkle, it.line) for it in handlers_of(SOURCE)
    }
