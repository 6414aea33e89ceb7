"""What a replacement leaves out, by name and with the reason; and what is noticed of it later."""

from __future__ import annotations

from pathlib import Path

import pytest

from tasktonic.replacing import Undoing, prepare
from tests.framework.replacing.house import HOUSE, Load, changed


@pytest.mark.parametrize(
    "old, new, what, why",
    [
        ("LIMIT = 3", "LIMIT = 4", "LIMIT", "code of a module runs once"),
        ("    loud = True", "    loud = False", "Base.loud", "code of a class runs once"),
        ("class Door(Base):", "class Door(Base, object):", "bases of Door", "keeps its bases"),
        ("    @staticmethod\n", "", "decorators of Base.of", "they run when the class is made"),
        ("        return 1\n", "        return 2\n", "Base.decorated", "a decorator has made something else of it"),
        ("    def tell(self):", "    def said(self):", "Plain.tell", "is gone from the source"),
        ("return text.upper()", "return lower(text)", "shout", "it uses 'lower', which the running module does not have"),
        ("times=2", "times=LIMIT", "Base.of", "no plain literal"),
        ("class Plain:", "class Other: pass\n\n\nclass Plain:", "Other", "a new class begins with a restart"),
        ("import functools\n", "import functools\nimport no_such_thing\n", "import of no_such_thing", "not loaded"),
        ("def ttsc_open__push(self):", "async def ttsc_open__push(self):", "Door.ttsc_open__push", r"a coroutine"),
        (
            "class Plain:",
            "    def ttsc_opne__push(self):\n        pass\n\n\nclass Plain:",
            "Door.ttsc_opne__push",
            "has no state 'opne'; a new one begins with a restart. Did you mean 'open'?",
        ),
        ("    def ttsc_open__push", "    def ttsx__a(self): pass\n\n    def ttsc_open__push", "Door.ttsx__a", "no known prefix"),
    ],
)  # fmt: skip
def test_what_cannot_be_replaced_is_named_with_the_reason(load: Load, old: str, new: str, what: str, why: str) -> None:
    module, path = load()
    module.Door._tt_make_leaf()  # its table is there, as after the first instance

    plan = prepare(path, changed((old, new)), HOUSE).plan

    assert what in [row.what for row in plan.kept]
    assert why in next(row.why for row in plan.kept if row.what == what)


@pytest.mark.parametrize(
    "edits, what, why",
    [
        (
            [
                (
                    "LIMIT = 3",
                    "LIMIT = 3\nMORE = 4\n\n\ndef more():\n    return less()\n\n\ndef less():\n    return MORE",
                )
            ],
            ["Base.ttsc__say", "more"],
            "it uses 'less', which is new",
        ),
        ([("    @property", "    @staticmethod\n    def more():\n        return 4\n\n    @property")], [], ""),
    ],
)
def test_what_begins_to_use_something_new_that_is_refused_is_kept_too(
    load: Load, edits: list[tuple[str, str]], what: list[str], why: str
) -> None:
    _, path = load()
    call = "more()" if what else "self.more()"

    plan = prepare(path, changed(*edits, ("append(what)", f"append({call})"), ("is open", "is OPEN")), HOUSE).plan

    kept = {row.what: row.why for row in plan.kept}
    assert plan.replaced() == ["Door.ttsc_open__push"]
    assert kept["Base.ttsc__say"] == "it uses 'more', which is new and begins with a restart"
    assert set(what) <= set(kept)
    assert why in kept.get("more", "")


# What a replacement leaves out, since the module has nothing of that name.
REFUSED = ("return text.upper()", "return lower(text)")


@pytest.mark.parametrize(
    "edits, what, why",
    [
        (
            [("    @noisy\n    def dec", "    def dec")],
            "decorators of Base.decorated",
            "they run when the class is made",
        ),
        ([("LIMIT = 3", "LIMIT = 4")], "LIMIT", "code of a module runs once"),
        ([("    loud = True", "    loud = 0")], "Base.loud", "code of a class runs once"),
        ([("times=2", "times=LIMIT")], "Base.of", "no plain literal"),
        ([("        return 1\n", "        return 2\n")], "Base.decorated", "a decorator has made something else of it"),
    ],
)
def test_after_a_replacement_that_left_something_out_later_changes_are_noticed(
    load: Load, edits: list[tuple[str, str]], what: str, why: str
) -> None:
    _, path = load()
    first = changed(REFUSED, ('return "old"\n\n    def s', 'return "new"\n\n    def s'))
    done = prepare(path, first, HOUSE).carry_out().plan
    assert [row.what for row in done.kept] == ["shout"]

    plan = prepare(path, changed(*edits, text=first), HOUSE).plan

    assert why in next(row.why for row in plan.kept if row.what == what)
    assert not plan.notes


def test_default_values_that_change_later_are_taken_also_where_something_else_was_left_out(load: Load) -> None:
    module, path = load()
    first = changed(REFUSED, ('return "old"\n\n    def s', 'return "new"\n\n    def s'))
    prepare(path, first, HOUSE).carry_out()

    done = prepare(path, changed(("times=2", "times=3"), text=first), HOUSE).carry_out().plan

    assert done.replaced() == ["Base.of"]
    assert module.Base.of("a") == "aaa"
    assert [row.what for row in done.kept] == ["shout"]


def test_default_values_are_compared_with_what_runs_where_the_first_text_is_not_known(
    load: Load, tmp_path: Path
) -> None:
    module, path = load()
    Path(path).write_text("another text by now\n", encoding="utf-8")

    done = prepare(path, changed(("times=2", "times=3"))).carry_out().plan

    assert done.replaced() == ["Base.of"]
    assert module.Base.of("a") == "aaa"


def test_what_was_left_out_is_said_again_until_it_is_taken_back(load: Load) -> None:
    _, path = load()
    text = changed(("LIMIT = 3", "LIMIT = 4"), ('return "old"\n\n    def s', 'return "new"\n\n    def s'))
    prepare(path, text, HOUSE).carry_out()

    again = prepare(path, text, HOUSE).plan
    Undoing(path).carry_out()
    back = prepare(path, HOUSE, HOUSE).plan

    assert ([row.what for row in again.kept], again.replaced()) == (["LIMIT"], [])
    assert (back.kept, back.replaced(), back.notes) == ([], [], [])


def test_what_would_call_something_that_stays_in_a_new_way_stays_too(load: Load) -> None:
    _, path = load()
    text = changed(
        ("def of(text, times=2):", "def of(text, times=LIMIT, end=''):"),
        ("self.said.append(what)", "self.said.append(self.of(what, 1, end='!'))"),
        ('self.said.append("is closed")', "self.ttsc__say('is closed')"),
    )

    plan = prepare(path, text, HOUSE).plan

    assert plan.replaced() == ["Door.ttsc_closed__push"]
    kept = {row.what: row.why for row in plan.kept}
    assert kept["Base.ttsc__say"] == "it calls Base.of in a new way, which stays as it was"


def test_what_something_that_stays_calls_in_the_old_way_stays_too(load: Load) -> None:
    _, path = load()
    text = changed(
        ("def __secret(self):", "def __secret(self, how):"),
        ("return self.__secret()", "return lower(self.__secret(1))"),
    )

    plan = prepare(path, text, HOUSE).plan

    assert plan.changes() == []
    assert {row.what: row.why for row in plan.kept} == {
        "Base.secret": "it uses 'lower', which the running module does not have: restart to use it.",
        "Base.__secret": "Base.secret, which stays as it was, calls it with the old arguments",
    }


def test_that_new_code_may_call_old_code_is_said(load: Load) -> None:
    _, path = load()
    text = changed(
        ("return text * times", "return text + str(times)"), ("times=2", "times=LIMIT"),
        ("self.said.append(what)", "self.said.append(self.of(what, 1))"),
    )  # fmt: skip

    done = prepare(path, text, HOUSE).carry_out().plan

    assert done.replaced() == ["Base.ttsc__say"]
    assert done.notes == ["Base.ttsc__say may call Base.of, which is still the old one."]
