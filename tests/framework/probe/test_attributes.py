"""The attributes of an object as rows: what is shown, what is hidden, and how much at most."""

from __future__ import annotations

from typing import Any

import pytest

from tasktonic import ttFormula, ttStore, ttTimerRepeat, ttTonic
from tasktonic.probe.attributes import describe_attributes, without_children
from tasktonic.protocol import encode_message
from tasktonic.protocol.messages import AttributeRow, Attributes


class Thing:
    """Anything with attributes."""

    def __init__(self, **attributes: Any) -> None:
        self.__dict__.update(attributes)

    @property
    def costly(self) -> None:
        pytest.fail("a property was called")


def test_attributes_come_by_name_with_type_and_description() -> None:
    assert describe_attributes(Thing(speed=1.5, name="pump")) == (
        AttributeRow("name", "str", "'pump'"),
        AttributeRow("speed", "float", "1.5"),
    )


def test_what_the_framework_keeps_is_left_out() -> None:
    assert describe_attributes(Thing(_tt_id=1, _ttss_x=2, ledger=3)) == ()


def test_what_the_framework_keeps_in_its_catalysts_stores_and_timers_is_left_out() -> None:
    found: dict[str, list[str]] = {}

    class Tower(ttStore):
        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.height = 3

    class Looking(ttTonic):
        def ttse__on_start(self) -> None:
            self._mine, self.making, self.orders = 1, 2, 3
            for each in (self.catalyst, Tower(), self.bind(ttTimerRepeat, name="tick", seconds=1), self):
                found[type(each).__name__] = [row.name for row in describe_attributes(each)]
            self.finish()

        def ttse__on_tick(self, info: Any) -> None:
            pass

    class App(ttFormula):
        def creating_formula(self) -> dict[str, str]:
            return {"tasktonic/log/to": "off"}

        def creating_starting_tonics(self) -> None:
            Looking()

    App()

    assert found == {
        "ttCatalyst": [],
        "Tower": ["height"],
        "ttTimerRepeat": [],
        "Looking": ["_mine", "making", "orders"],
    }


def test_secrets_are_hidden_at_any_depth() -> None:
    (row,) = describe_attributes(Thing(settings={"user": "ann", "token": {"inner": "abc"}}))

    assert row.children == (AttributeRow("user", "str", "'ann'"), AttributeRow("token", "dict", "(hidden)"))
    assert "abc" not in row.preview


def test_containers_are_looked_into_two_levels_deep() -> None:
    (row,) = describe_attributes(Thing(rows=[[[1]]]))

    assert row.children[0].name == "[0]"
    assert row.children[0].children[0].preview == "[1]"
    assert row.children[0].children[0].children == ()


def test_attributes_in_slots_are_shown() -> None:
    class Slotted:
        __slots__ = ("full", "never_set")

        full: int

    thing = Slotted()
    thing.full = 1

    assert describe_attributes(thing) == (AttributeRow("full", "int", "1"),)


def test_keys_that_are_no_text_are_described() -> None:
    (row,) = describe_attributes(Thing(table={(1, 2): "x"}))

    assert row.children == (AttributeRow("(1, 2)", "str", "'x'"),)


def test_the_largest_answer_fits_a_message_without_its_children() -> None:
    thing = Thing(**{"\N{SNOWMAN}" * 200 + str(n): ["\N{SNOWMAN}" * 500] * 100 for n in range(2_000)})

    rows = describe_attributes(thing)

    assert sum(1 + len(row.children) for row in rows) < 4_000
    assert encode_message(Attributes(1, 2, without_children(rows)[:500]))


def test_a_repr_is_called_when_asked_for() -> None:
    class Pump:
        def __repr__(self) -> str:
            return "a pump"

    assert describe_attributes(Thing(pump=Pump()), use_repr=True)[0].preview == "a pump"
    assert "a pump" not in describe_attributes(Thing(pump=Pump()))[0].preview


def test_attributes_that_are_too_many_are_counted() -> None:
    rows = describe_attributes(Thing(**{f"a{number:04d}": number for number in range(1_600)}))

    assert rows[-1] == AttributeRow("…", "", "1,100 more attributes are not shown")
    assert len(rows) == 501
