"""Replacing the code of classes while their instances live."""

from __future__ import annotations

import importlib.util
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tasktonic import calling, ttFormula, ttShared, ttTonic
from tasktonic.replacing import Meeting, Undoing, done_to, prepare, ttReplaceError

HOUSE = '''"""A house."""
import functools

from tasktonic import ttTonic

LIMIT = 3


def shout(text):
    return text.upper()


def noisy(method):
    @functools.wraps(method)
    def around(self):
        return method(self)

    return around


class Base(ttTonic):
    loud = True

    def __init__(self, **given):
        super().__init__(**given)
        self.said = []

    def ttsc__say(self, what):
        self.said.append(what)

    def ttse__on_enter(self):
        self.said.append("enters")

    @property
    def words(self):
        return len(self.said)

    @words.setter
    def words(self, count):
        self.said = [""] * count

    @noisy
    def decorated(self):
        return 1

    @staticmethod
    def of(text, times=2):
        return text * times

    def __secret(self):
        return "old"

    def secret(self):
        return self.__secret()


class Door(Base):
    def ttse__on_start(self):
        self.to_state("closed")

    def ttsc_closed__push(self):
        self.said.append("is closed")

    def ttsc_open__push(self):
        self.said.append("is open")


class Plain:
    def tell(self):
        return "old"
'''

Load = Callable[..., "tuple[ModuleType, str]"]


@pytest.fixture
def load(tmp_path: Path) -> Iterator[Load]:
    """Loads a text as a module: ``load(text)`` gives the module and its path."""
    names: list[str] = []

    def make(text: str = HOUSE) -> tuple[Any, str]:
        name = f"house_{tmp_path.name.replace('-', '_')}_{len(names)}"
        path = tmp_path / f"{name}.py"
        path.write_text(text, encoding="utf-8")
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        module = sys.modules[name] = importlib.util.module_from_spec(spec)
        names.append(name)
        spec.loader.exec_module(module)
        return module, str(path)

    yield make
    for name in names:
        sys.modules.pop(name, None)


def changed(*edits: tuple[str, str], text: str = HOUSE) -> str:
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    return text


def in_an_app(*steps: Callable[[Any], None], door: Callable[[], Any]) -> None:
    """Run steps one after the other, each in a sparkle, in an app with a door; between two of them its orders run."""
    left = list(steps)

    class Walker(ttTonic):
        def ttse__on_start(self) -> None:
            self.door = door()
            self.ttsc__step()

        def ttsc__step(self) -> None:
            try:
                left.pop(0)(self.door)
            except BaseException:
                left.clear()
                raise
            finally:
                if left:
                    self.ttsc__step()
                else:
                    self.finish()
                    self.door.finish()

    class App(ttFormula):
        def creating_formula(self) -> dict[str, Any]:
            return {"tasktonic/log/to": "off"}

        def creating_starting_tonics(self) -> None:
            Walker()

    App()


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


def test_other_arguments_hold_at_once_also_for_a_bound_sparkle_but_not_while_orders_wait(load: Load) -> None:
    module, path = load()
    text = changed(
        ("def ttsc__say(self, what):", "def ttsc__say(self, what, who='me'):"), ("append(what)", "append((what, who))")
    )
    held: list[Any] = []

    def first(door: Any) -> None:
        held.append(door.ttsc__say)
        door.ttsc__say("waits")
        done = prepare(path, text).carry_out()
        assert [(row.what, row.why) for row in done.plan.kept] == [
            ("Base.ttsc__say", "1 order with the old arguments waits for it: try again when the queue is empty")
        ]
        Undoing(path)

    def second(door: Any) -> None:
        prepare(path, text).carry_out()
        held[0]("now", who="you")
        held[0]("now")
        with pytest.raises(TypeError, match="unexpected keyword argument 'whom'"):
            held[0]("now", whom="you")

    in_an_app(lambda door: None, first, second, lambda door: held.append(door.said), door=module.Door)

    assert held[1] == ["enters", "waits", ("now", "you"), ("now", "me")]


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


@pytest.mark.parametrize("line", ["", "super()"])
def test_nothing_is_put_back_while_orders_with_the_new_arguments_wait(load: Load, line: str) -> None:
    module, path = load()
    text = changed(("def ttsc__say(self, what):", f"def ttsc__say(self, what, who):\n        {line}"))
    told: list[Any] = []

    def first(door: Any) -> None:
        prepare(path, text).carry_out()
        door.ttsc__say("waits", "me")
        with pytest.raises(
            ttReplaceError, match=r"1 order with the new arguments waits for Base\.ttsc__say: try again"
        ):
            Undoing(path).carry_out()

    def then(door: Any) -> None:
        Undoing(path).carry_out()
        door.ttsc__say("old")

    in_an_app(lambda door: None, first, then, lambda door: told.extend(door.said), door=module.Door)

    assert told == ["enters", "waits", "old"]


def test_after_a_new_sparkle_was_taken_back_something_can_be_shared_for_the_first_time(
    load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, path = load()
    module.Door._tt_make_leaf()
    prepare(path, changed(("class Plain:", "    def ttsc__knock(self): pass\n\n\nclass Plain:"))).carry_out()
    Undoing(path).carry_out()
    monkeypatch.setattr(ttShared, "first_use", calling._begin_to_unshare)

    assert ttShared(5).value == 5


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


def test_other_arguments_wait_for_the_queue_also_of_a_method_that_begins_to_use_super(load: Load) -> None:
    module, path = load()
    text = changed(
        (
            "def ttsc__say(self, what):\n        self",
            "def ttsc__say(self):\n        super()\n        what = 0\n        self",
        )
    )
    told: list[Any] = []

    def first(door: Any) -> None:
        door.ttsc__say("waits")
        told.append([row.why for row in prepare(path, text).carry_out().plan.kept])

    in_an_app(lambda door: None, first, lambda door: told.append(door.said), door=module.Door)

    assert told[0] == ["1 order with the old arguments waits for it: try again when the queue is empty"]
    assert told[1] == ["enters", "waits"]


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
        with pytest.raises(ttReplaceError):
            prepare(path, hostile)
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


def test_nothing_is_half_done_when_something_fails_on_the_way(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    module, path = load()
    text = changed(
        ("return text.upper()", "return text.lower()"), ('return "old"\n\n    def s', 'return "new"\n\n    def s')
    )
    wanted = prepare(path, text)
    wanted.plan.swaps[-1].defaults = "no tuple"  # type: ignore[assignment]

    with pytest.raises(TypeError):
        wanted.carry_out()

    assert module.shout("a") == "A"
    assert done_to(path) == 0


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


def test_who_calls_a_sparkle_that_waits_for_its_queue_waits_with_it(load: Load) -> None:
    module, path = load()
    text = changed(
        ("def ttsc__say(self, what):", "def ttsc__say(self, what, who):"),
        ('self.said.append("is closed")', "self.ttsc__say('is closed', 'me')"),
    )
    kept: list[Any] = []

    def replace(door: Any) -> None:
        door.ttsc__say("waits")
        kept.extend(prepare(path, text, HOUSE).carry_out().plan.kept)

    in_an_app(lambda door: None, replace, door=module.Door)

    assert [(row.what, row.why) for row in kept] == [
        ("Base.ttsc__say", "1 order with the old arguments waits for it: try again when the queue is empty"),
        ("Door.ttsc_closed__push", "it calls Base.ttsc__say in a new way, which stays as it was"),
    ]


def test_ctrl_c_in_the_middle_takes_all_back_and_goes_through(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    module, path = load()
    told: list[Any] = []
    wanted = prepare(path, changed(("return text.upper()", "return text.lower()")), HOUSE)

    class Catalyst:
        name = "main"

        def for_a_look(self, errand: Callable[[], None]) -> None:
            with pytest.raises(KeyboardInterrupt):
                errand()

    def interrupted(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    def act() -> None:
        wanted.carry_out()

    with monkeypatch.context() as patched:
        patched.setattr("tasktonic.replacing.applying._bind_new_sparkles", interrupted)
        Meeting([Catalyst()], act, told.append).call()

    assert [type(it) for it in told] == [KeyboardInterrupt]
    assert module.shout("a") == "A"
    assert done_to(path) == 0
    assert prepare(path, HOUSE, HOUSE).plan.changes() == []


def test_ctrl_c_while_a_catalyst_waits_for_the_others_ends_the_meeting(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []
    here: list[Any] = []

    class Catalyst:
        name = "one"

        def for_a_look(self, errand: Callable[[], None]) -> None:
            here.append(errand)

    def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    meeting = Meeting([Catalyst(), Catalyst()], lambda: told.append("never"), told.append)
    meeting.call()
    monkeypatch.setattr(meeting._changed, "wait_for", interrupted)
    with pytest.raises(KeyboardInterrupt):
        here[0]()
    here[1]()

    assert [type(it) for it in told] == [KeyboardInterrupt]


def test_a_meeting_acts_while_all_stand_and_gives_up_when_one_does_not_come() -> None:
    told: list[Any] = []
    here: list[Any] = []

    class Late:
        name = "late"

        def for_a_look(self, errand: Callable[[], None]) -> None:
            here.append(errand)

    late = Late()
    meeting = Meeting([late, late], lambda: told.append("done"), told.append)
    meeting.call()
    thread = threading.Thread(target=here[0])
    thread.start()
    here[1]()
    thread.join()
    assert told == ["done", None]

    here.clear()
    meeting = Meeting([late, late], lambda: told.append("never"), told.append, patience_s=0)
    meeting.call()
    here[0]()
    here[1]()
    assert isinstance(told.pop(), TimeoutError)
    assert told == ["done", None]
