"""Replacing texts that were put together at random, one after the other: what runs stays known, and all of it can be put back."""

from __future__ import annotations

import random
from typing import Any, Final

import pytest

from tasktonic.replacing import Undoing, prepare
from tests.framework.replacing.house import HOUSE, Load

EDITS: Final = (
    ("return text.upper()", "return lower(text)"),
    ("return text.upper()", "return text.title()"),
    ("times=2", "times=LIMIT"),
    ("times=2", "times=5"),
    ("def of(text, times=2):", "def of(text, times=LIMIT, end=''):"),
    ("self.said.append(what)", "self.said.append(self.of(what, 1, end='!'))"),
    ("LIMIT = 3", "LIMIT = 4\n\n"),
    ("    loud = True", "    loud = 0"),
    ("    @noisy\n    def dec", "    def dec"),
    ("        return 1\n", "        return 2\n"),
    ("    @staticmethod\n", ""),
    ('self.said = [""] * count', "self.said = [1] * count"),
    ("def __secret(self):", "def __secret(self, how=1):"),
    ("return self.__secret()", "return super() and self.__secret()"),
    ("import functools\n", "import functools\nimport math\n"),
    ('self.said.append("is open")', "self.said.append(more())"),
    ("def shout(text):", "def more():\n    return 3\n\n\ndef shout(text):"),
    ("class Plain:", "    def ttsc__new(self, a): self.ttsc__say(a)\n\n\nclass Plain:"),
    ("class Plain:", "class Extra: pass\n\n\nclass Plain:"),
    ("    def tell(self):", "    def told(self):"),
)


def text_at_random(rng: random.Random) -> str:
    text = HOUSE
    for old, new in rng.sample(EDITS, rng.randint(0, 6)):
        text = text.replace(old, new)
    return text


def running(module: Any) -> dict[tuple[str, str], Any]:
    """The code and the default values of all functions there are."""
    found = {}
    for holder in (module, module.Base, module.Door, module.Plain):
        for name, value in vars(holder).items():
            for role in ("__func__", "fget", "fset", ""):
                function = getattr(value, role, None) if role else value
                if hasattr(function, "__code__"):
                    found[holder.__name__, f"{name} {role}"] = (function.__code__, function.__defaults__)
    return found


@pytest.mark.parametrize("seed", range(8))
def test_what_runs_stays_known_and_can_be_put_back(load: Load, seed: int) -> None:
    module, path = load()
    module.Door._tt_make_leaf()  # type: ignore[attr-defined]
    rng, before = random.Random(seed), []
    for _ in range(4):
        text = text_at_random(rng)
        wanted = prepare(path, text, HOUSE)
        if wanted.plan.changes():
            before.append(running(module))
            wanted.carry_out()

        again = prepare(path, text, HOUSE).plan

        assert [it.label for it in again.changes()] == []
        assert {it.what for it in again.kept} == {it.what for it in wanted.plan.kept}
        assert not any("was not compared" in it for it in wanted.plan.notes)

    while before:
        Undoing(path).carry_out()
        assert running(module) == before.pop()
    back = prepare(path, HOUSE, HOUSE).plan
    assert (back.changes(), back.kept) == ([], [])
