"""A door that locks itself, and its tests. Copy both and begin with your own.

``python examples/tested_door.py`` runs the door for a second; ``pytest examples/tested_door.py`` runs its tests, in which a minute of
alarm takes no time at all. Where the package is installed pytest finds the fixtures ``distiller`` and ``distill`` by itself, and
the line with ``pytest_plugins`` can go.
"""

from tasktonic import *

pytest_plugins = ["tasktonic.testing.plugin"]


class Door(ttTonic):
    """Locked until somebody enters the code. It locks itself when nobody has passed for a while."""

    def __init__(self, code, closes_after_s=3.0, **kwargs):
        super().__init__(**kwargs)
        self.code, self.closes_after_s = code, closes_after_s
        self.wrong_codes = 0
        self.passed = []

    def ttse__on_start(self):
        self.to_state("locked")

    def ttsc_locked__enter(self, code):
        if code == self.code:
            self.wrong_codes = 0
            self.to_state("open")
            return
        self.wrong_codes += 1
        self.log(f"wrong code, number {self.wrong_codes}")
        if self.wrong_codes == 3:
            self.to_state("alarm")

    def ttse_open__on_enter(self):
        self.log("open")
        self.closer = ttTimerSingleShot(self.closes_after_s, name="closer")

    def ttsc_open__walk_through(self, who):
        self.passed.append(who)
        self.closer.restart()

    def ttse_open__on_closer(self, info):
        self.to_state("locked")

    def ttse_locked__on_enter(self):
        self.log("locked")

    def ttse_alarm__on_enter(self):
        self.log("alarm")
        ttTimerSingleShot(minutes=1, name="calm")

    def ttse_alarm__on_calm(self, info):
        self.wrong_codes = 0
        self.to_state("locked")


class Guest(ttTonic):
    """Comes, enters codes until one is right, walks through, and goes when the door has had its time."""

    def __init__(self, door, codes, **kwargs):
        super().__init__(**kwargs)
        self.door, self.codes = door, codes

    def ttse__on_start(self):
        for code in self.codes:
            self.door.ttsc__enter(code)
        self.door.ttsc__walk_through(self.name)
        ttTimerSingleShot(1.0, name="gone")

    def ttse__on_gone(self, info):
        self.door.finish()
        self.finish()


class House(ttFormula):
    def creating_starting_tonics(self):
        door = Door("4711", closes_after_s=0.3, name="door")
        Guest(door, ["1234", "4711"], name="Ada", catalyst=ttCatalyst(name="street"))


# -- tests of the door alone: it runs on the fixture's distiller --------------------------------------------------------------


def make_door(distiller):
    door = Door("4711", name="door")
    distiller.sparkle()  # it starts, and there is nothing more to do
    return door


def test_the_right_code_opens(distiller):
    door = make_door(distiller)

    door.ttsc__enter("4711")
    trace = distiller.sparkle(till_state_in=["open"])

    assert trace["stop_condition"] == ["state_trigger: [open]"]
    assert trace.sparkles("door") == ["ttsc__enter"]


def test_a_wrong_code_does_not_open(distiller):
    door = make_door(distiller)

    door.ttsc__enter("0000")
    distiller.sparkle()

    assert door.get_current_state_name() == "locked"


def test_it_locks_itself_after_three_seconds(distiller):
    door = make_door(distiller)

    door.ttsc__enter("4711")
    trace = distiller.sparkle(till_state_in=["locked"])

    assert trace["end@"] == 3.0


def test_whoever_walks_through_keeps_it_open(distiller):
    door = make_door(distiller)
    door.ttsc__enter("4711")
    distiller.sparkle(timeout=2)

    door.ttsc__walk_through("Ada")
    trace = distiller.sparkle(till_state_in=["locked"])

    assert trace["end@"] == 5.0


def test_nobody_walks_through_a_locked_door(distiller):
    door = make_door(distiller)

    door.ttsc__walk_through("Ada")
    trace = distiller.sparkle()

    assert trace.rows("door", "ttsc__walk_through")[0]["handler"] == ""  # nothing handles it while locked
    assert door.passed == []


def test_three_wrong_codes_give_a_minute_of_alarm(distiller):
    door = make_door(distiller)

    for _ in range(3):
        door.ttsc__enter("0000")
    contract = {"timeout": 59, "tonics": {"door": {"till_state_in": ["alarm"], "probes": ["wrong_codes"]}}}
    trace = distiller.sparkle(contract=contract)

    assert trace["stop_condition"] == ["contract_met"]
    assert [row["at_exit"]["probes"]["wrong_codes"] for row in trace.rows("door")] == [1, 2, 3]
    assert distiller.sparkle(till_state_in=["locked"])["end@"] == 60.0


def test_during_the_alarm_the_right_code_is_ignored(distiller):
    door = make_door(distiller)
    for _ in range(3):
        door.ttsc__enter("0000")
    distiller.sparkle(till_state_in=["alarm"])

    door.ttsc__enter("4711")

    assert distiller.sparkle(timeout=59).states("door") == ["alarm"]


# -- tests of the whole app, as it is written, with both of its catalysts -------------------------------------------------------


def test_the_guest_gets_in_at_the_second_try(distill):
    distiller = distill(House)

    trace = distiller.sparkle(till_sparkle_in=["ttsc__walk_through"])

    assert [row["args"] for row in trace.rows("door", "ttsc__enter")] == [("1234",), ("4711",)]
    assert distiller.ledger.get_essence_by_name("door").passed == ["Ada"]


def test_the_house_ends_when_the_guest_has_gone(distill):
    trace = distill(House).sparkle()

    assert trace["status"] == "catalyst finished"
    assert trace["end@"] == 1.0


if __name__ == "__main__":
    House()
