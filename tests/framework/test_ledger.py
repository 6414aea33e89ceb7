from __future__ import annotations

import sys

import pytest

from tasktonic import Store, ttCatalyst, ttEssence, ttFormula, ttLedger, ttTonic
from tasktonic.errors import ttRunningError
from tests.helpers.apps import WAIT_S, in_thread, run_app
from tests.helpers.endings import Part


class Desk(ttEssence):
    _tt_is_service = "desk"


def test_there_is_one_ledger() -> None:
    assert ttLedger() is ttLedger()


def test_essence_reaches_its_ledger() -> None:
    assert Part().ledger is ttLedger()


def test_essence_is_found_by_id() -> None:
    part = Part()

    assert ttLedger().get_essence_by_id(part.id) is part


def test_unknown_id_gives_none() -> None:
    assert ttLedger().get_essence_by_id(99) is None


def test_essence_is_found_by_name() -> None:
    part = Part(name="left")

    assert ttLedger().get_essence_by_name("left") is part


def test_essence_is_found_by_the_name_nobody_gave() -> None:
    part = Part()

    assert ttLedger().get_essence_by_name(part.name) is part


def test_a_name_gives_the_oldest_living() -> None:
    first, second, _third = (Part(name="twin") for _ in range(3))
    first.finish()

    assert ttLedger().get_essence_by_name("twin") is second


def test_a_name_is_found_while_others_of_that_name_come_and_go() -> None:
    rounds, problems = 15_000, []

    def come_and_go() -> None:
        for _ in range(rounds):
            essence = ttEssence(name="twin")
            if ttLedger().get_essence_by_name("twin") is None:
                problems.append(essence)
            essence.finish()

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for thread in [in_thread(come_and_go) for _ in range(4)]:
            thread.join(WAIT_S)
    finally:
        sys.setswitchinterval(interval)

    assert problems == []
    assert ttLedger().get_essence_by_name("twin") is None


def test_name_of_the_finished_is_unknown() -> None:
    Part(name="gone").finish()

    assert ttLedger().get_essence_by_name("gone") is None
    assert ttLedger().get_id_by_name("gone") == -1


def test_id_is_found_by_name() -> None:
    part = Part(name="left")

    assert ttLedger().get_id_by_name("left") == part.id


@pytest.mark.parametrize("name", ["", "7", "07.", "1.Part", "x.Part", "01.Other"])
def test_other_text_is_the_name_of_nothing(name: str) -> None:
    Part()

    assert ttLedger().get_id_by_name(name) == -1


def test_service_is_found_by_its_name() -> None:
    desk = Desk()

    assert ttLedger().get_service_essence("desk") is desk


def test_missing_service_gives_none() -> None:
    assert ttLedger().get_service_essence("desk") is None


def test_records_tell_of_all_that_lives() -> None:
    top = Part(name="top")
    part = top.bind(Part, name="part")
    desk = Desk(name="desk")

    assert ttLedger().records == [
        {"id": top.id, "name": "top", "type": "Part", "context_id": -1, "service": ""},
        {"id": part.id, "name": "part", "type": "Part", "context_id": top.id, "service": ""},
        {"id": desk.id, "name": "desk", "type": "Desk", "context_id": -1, "service": "desk"},
    ]


def test_record_can_be_added_to() -> None:
    part = Part()

    ttLedger().update_record(part.id, {"place": "hall"})

    assert part.my_record["place"] == "hall"


def test_my_record_is_a_copy() -> None:
    part = Part(name="left")

    part.my_record["name"] = "changed"

    assert part.my_record["name"] == "left"


def test_adding_to_the_record_of_the_finished_is_harmless() -> None:
    part = Part()
    part_id = part.id
    part.finish()

    ttLedger().update_record(part_id, {"place": "hall"})

    assert ttLedger().records == []


def test_essences_are_the_oldest_first() -> None:
    parts = [Part() for _ in range(3)]

    assert ttLedger().essences == parts


def test_formula_is_a_store() -> None:
    assert isinstance(ttLedger().formula, Store)


def test_settings_can_be_updated_one_by_one() -> None:
    ttLedger().update_formula("my/colour", "red")

    assert ttLedger().formula.get("my/colour") == "red"


def test_settings_can_be_updated_many_at_once() -> None:
    ttLedger().update_formula({"my/colour": "red", "my/size": 3})

    assert ttLedger().formula.get("my") == {"colour": "red", "size": 3}


def test_reset_forgets_everything() -> None:
    Part()
    old = ttLedger()

    ttLedger.reset()

    assert ttLedger() is not old
    assert ttLedger().essences == []


def test_reset_is_refused_while_an_app_runs() -> None:
    errors: list[Exception] = []

    class Resetter(ttTonic):
        def ttse__on_start(self) -> None:
            try:
                ttLedger.reset()
            except ttRunningError as error:
                errors.append(error)
            self.finish()

    run_app(Resetter)

    assert "an app is running in this process" in str(errors[0])


def test_second_app_is_refused_while_one_runs() -> None:
    errors: list[Exception] = []

    class Second(ttTonic):
        def ttse__on_start(self) -> None:
            try:
                ttFormula()
            except RuntimeError as error:
                errors.append(error)
            self.finish()

    run_app(Second)

    assert "let it finish before another begins" in str(errors[0])


def test_app_starts_with_an_empty_ledger() -> None:
    Part()
    found: list[list[str]] = []

    class Looker(ttTonic):
        def ttse__on_start(self) -> None:
            found.append([essence.name for essence in self.ledger.essences])
            self.finish()

    run_app(lambda: Looker(name="looker"))

    assert found == [["main_catalyst", "looker"]]


def test_catalysts_are_listed_with_the_main_one_first() -> None:
    found: list[list[str]] = []

    class Looker(ttTonic):
        def ttse__on_start(self) -> None:
            found.append([catalyst.name for catalyst in self.ledger.catalysts])
            self.finish()

    def start() -> None:
        ttCatalyst(name="side")
        Looker()

    run_app(start)

    assert found == [["main_catalyst", "side"]]


def test_nothing_is_in_the_ledger_of_an_app_that_has_ended() -> None:
    class Ender(ttTonic):
        def ttse__on_start(self) -> None:
            Part(context=-1)
            Part()
            self.finish()

    formula = run_app(Ender)

    assert formula.ledger.records == []


def test_ended_app_can_still_be_asked_for_its_settings() -> None:
    class Ender(ttTonic):
        def ttse__on_start(self) -> None:
            self.finish()

    formula = run_app(Ender, settings={"my/colour": "red"})

    assert formula.ledger.formula.get("my/colour") == "red"
