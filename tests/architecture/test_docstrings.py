"""The examples in docstrings print what they say, and every class that users write has one."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType

import pytest

import tasktonic
from tasktonic import ttLedger

WITHOUT_EXAMPLES = ("tasktonic.probe.__main__",)


def modules() -> Iterator[ModuleType]:
    """Every module of the framework."""
    yield tasktonic
    for found in pkgutil.walk_packages(tasktonic.__path__, "tasktonic."):
        if found.name not in WITHOUT_EXAMPLES:
            yield importlib.import_module(found.name)


def examples() -> list[doctest.DocTest]:
    """Every docstring with an example, once. Names of ``tasktonic``, and those of its module, need no import there."""
    finder = doctest.DocTestFinder(exclude_empty=True)
    public = {name: getattr(tasktonic, name) for name in tasktonic.__all__}
    found: dict[tuple[str, int], doctest.DocTest] = {}
    for module in modules():
        for test in finder.find(module, extraglobs=public):
            # A class that has been used has a hidden subclass, which has its docstring as well.
            if test.examples and "._tt_leaf" not in test.name:
                found[test.name, test.lineno or 0] = test
    return list(found.values())


EXAMPLES = examples()


@pytest.fixture(autouse=True)
def fresh_ledger() -> Iterator[None]:
    """Each example begins with an empty ledger."""
    ttLedger.reset()
    yield
    ttLedger.reset()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: str(example.name))
def test_example_in_a_docstring_prints_what_it_says(
    example: doctest.DocTest, capsys: pytest.CaptureFixture[str]
) -> None:
    runner = doctest.DocTestRunner(verbose=False)

    runner.run(example, clear_globs=False)

    assert runner.failures == 0, capsys.readouterr().out
