"""Replacing the code of classes while their instances live."""

from __future__ import annotations

import traceback
from typing import Any

import pytest

from tasktonic import calling, ttShared
from tasktonic.replacing import Undoing, done_to, prepare, ttReplaceError
from tests.framework.replacing.house import HOUSE, Load, changed, in_an_app


def test_a_living_tonic_runs_the_new_handler_and_keeps_state_and_attributes(load: Load) -> None:
    module, path = load()
    heard: list[Any] = []

    def first(door: Any) -> None:
        door.ttsc__say("before")
        door.ttsc_closed__push()

    def replace(door: Any) -> None:
        text = changed(('"is closed"', '"is shut"'), ("self.said.append(what)", "self.said.append(shout(what))"))
        done = prepare(path, text, HOUSE).carry_out()
        assert done.plan.replaced() == ["Base.ttsc__say", "Door.ttsc_closed__push"]
        assert not done.plan.kept
        door.ttsc__say("after")
        door.ttsc__push()

    in_an_app(first, replace, lambda door: heard.extend([*door.said, door.get_current_state_name()]), door=module.Door)

    assert heard == ["enters", "before", "is closed", "AFTER", "is shut", "closed"]


def test_who_holds_a_bound_method_has_the_new_code_too_and_undo_brings_the_old_one_back(load: Load) -> None:
    module, path = load()
    thing = module.Plain()
    held = thing.tell

    prepare(path, changed(('return "old"', 'return "new"'))).carry_out()
    assert held() == "new"
    assert done_to(path) == 1

    Undoing(path).carry_out()
    assert held() == "old"
    with pytest.raises(ttReplaceError, match="there is nothing to put back"):
        Undoing(path)


def test_a_method_that_begins_to_use_super_is_replaced_in_what_lives_and_in_what_inherits(load: Load) -> None:
    module, path = load()
    text = changed(
        ("self.said.append(what)", "self.said.append(what)\n        self.words_now = super().name"),
        ('self.said.append("is closed")', 'super().ttsc__say("by super")'),
    )
    heard: list[Any] = []

    def replace(door: Any) -> None:
        prepare(path, text).carry_out()
        door.ttsc__push()

    in_an_app(
        lambda door: None,
        replace,
        lambda door: heard.extend([*door.said, door.words_now]),
        door=lambda: module.Door(name="d"),
    )

    assert heard == ["enters", "by super", "d"]


def test_a_new_sparkle_and_a_new_handler_for_a_state_come_to_what_lives(load: Load) -> None:
    module, path = load()
    text = changed(
        (
            "    def ttsc_open__push(self):",
            (
                "    def ttsc_closed__knock(self, how='softly'):\n        self.said.append(how)\n        self.to_state('open')\n\n"
                "    def ttse_open__on_exit(self):\n        self.said.append('leaves')\n\n"
                "    def ttsc_open__push(self):"
            ),
        )
    )
    heard: list[Any] = []

    def replace(door: Any) -> None:
        prepare(path, text).carry_out()
        door.ttsc__knock()
        door.ttsc__knock("is ignored when open")
        door.to_state("closed")

    def back(door: Any) -> None:
        heard.extend(door.said)
        Undoing(path).carry_out()
        assert not hasattr(module.Door, "ttsc_closed__knock")
        door.said.clear()
        door.ttsc__knock("nobody handles it")
        door.ttsc__push()

    in_an_app(lambda door: None, replace, back, lambda door: heard.append(door.said), door=module.Door)

    assert heard == ["enters", "softly", "enters", "leaves", "enters", ["is closed"]]


def test_after_a_new_sparkle_was_taken_back_something_can_be_shared_for_the_first_time(
    load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, path = load()
    module.Door._tt_make_leaf()
    prepare(path, changed(("class Plain:", "    def ttsc__knock(self): pass\n\n\nclass Plain:"))).carry_out()
    Undoing(path).carry_out()
    monkeypatch.setattr(ttShared, "first_use", calling._begin_to_unshare)

    assert ttShared(5).value == 5


def test_init_is_kept_while_somebody_lives_who_was_made_with_it(load: Load) -> None:
    module, path = load()
    text = changed(("self.said = []", "self.said = ['new']"))
    assert prepare(path, text).plan.replaced() == ["Base.__init__"]
    told: list[Any] = []

    in_an_app(
        lambda door: None, lambda door: told.extend(prepare(path, text).plan.kept), door=lambda: module.Door(name="d")
    )

    assert [row[:2] for row in told] == [("Base.__init__", "d was made with the old one: restart to use it")]


def test_properties_static_and_private_methods_and_functions_of_the_module_are_replaced(load: Load) -> None:
    module, path = load()
    text = changed(
        ("return len(self.said)", "return -len(self.said)"),
        ('self.said = [""] * count', 'self.said = ["set"] * count'),
        ("return text * times", "return text + str(times)"),
        ("times=2", "times=3"),
        ('return "old"\n\n    def secret', 'return "new"\n\n    def secret'),
        ("return text.upper()", "return math.sqrt(text)"),
        ("import functools\n", "import functools\nimport math\n"),
    )
    seen: list[Any] = []

    def look(door: Any) -> None:
        prepare(path, text, HOUSE).carry_out()
        door.words = 2
        seen.extend([door.words, door.said, door.of("a"), door.secret(), module.shout(9)])

    in_an_app(lambda door: None, look, door=module.Door)

    assert seen == [-2, ["set", "set"], "a3", "new", 3.0]


def test_a_text_that_is_no_python_says_where_and_changes_nothing(load: Load) -> None:
    module, path = load()

    with pytest.raises(ttReplaceError, match=r"Line 10: .*Nothing was replaced; the app runs on") as told:
        prepare(path, changed(("return text.upper()", "return text.upper(")))
    assert told.value.line == 10
    for hostile in ("(" * 5000, "\0", "x = " + "-" * 100_000 + "1", "#" * 800_000):
        with pytest.raises(ttReplaceError) as told:
            prepare(path, hostile)
        assert "Line 0" not in str(told.value)
    with pytest.raises(ttReplaceError, match=r"Nothing that runs was loaded from nowhere\.py"):
        prepare("/no/such/nowhere.py", "x = 1")

    assert module.shout("a") == "A"


def test_lines_that_only_moved_are_those_of_the_new_text_in_tracebacks(load: Load) -> None:
    module, path = load()
    text = changed(("LIMIT = 3\n", "LIMIT = 3\n# one\n# more\n"))

    done = prepare(path, text, HOUSE).carry_out()

    assert done.plan.replaced() == []
    with pytest.raises(AttributeError) as raised:
        module.shout(1)
    last = traceback.extract_tb(raised.value.__traceback__)[-1]
    assert (last.lineno, last.line) == (12, "return text.upper()")
