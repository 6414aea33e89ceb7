"""What handlers return, and what a call of a sparkle gives."""

from typing import Any, assert_type

from tasktonic import ttTonic


class Counter(ttTonic):
    def ttse__on_start(self):  # plain ! no-untyped-def
        self.ttse__on_timer({})

    def ttse__on_timer(self, info: dict[str, Any]):  # plain ! no-untyped-def
        self.log(info["name"])

    def ttsc__untyped(self, value):  # ! no-untyped-def
        self.log(value)

    def ttse__on_finished(self):  # plain ! no-untyped-def
        return 5  # plugin ! return-value

    def ttsc__count(self, step: int) -> int:
        return step + 1

    def plain(self, step: int):  # ! no-untyped-def
        self.log(step)


class BigCounter(Counter):
    def ttsc__count(self, step: int) -> int:
        return assert_type(super().ttsc__count(step), int) * 10


def use(counter: Counter) -> None:
    assert_type(counter.ttsc__count(5), None)  # plain ! assert-type
    counter.ttsc__count("5")  # ! arg-type
    wanted: int = counter.ttsc__count(5)  # plugin ! assignment
    print(wanted)
