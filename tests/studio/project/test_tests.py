"""What the plugin in the tests writes is not trusted: what is not understood is left out."""

from __future__ import annotations

import pytest

from tasktonic_studio.project.tests import TestOrder, Tests
from tasktonic_studio.services.test_runner import _record

GOOD = b'{"kind": "start", "id": "a.py::test_a", "file": "/p/a.py", "line": 3}'


@pytest.mark.parametrize(
    "line",
    [
        b"[" * 200_000,
        b'{"kind":' * 200_000,
        b"\xff",
        b"3",
        b'{"kind": "start", "id": "b", "file": "b", "line": Infinity}',
        b'{"kind": "start", "id": "b", "file": "b", "line": "three"}',
        b'{"kind": ["start"]}',
        b'{"kind": "result", "outcome": ["passed"]}',
    ],
)
def test_a_record_that_is_none_is_left_out_and_the_next_one_counts(line: bytes) -> None:
    tests = Tests()
    tests.begin(TestOrder("/p", ""))

    tests.take([record for each in (line, GOOD) if (record := _record(each)) is not None])

    assert [(each.id, each.outcome) for each in tests.all] == [("a.py::test_a", "running")]


def of_a_project(*ids: str, module: str = "") -> Tests:
    tests = Tests()
    tests.begin(TestOrder("/p", ""))
    tests.take([{"kind": "start", "id": it, "file": "/p/a.py", "line": 1, "module": module} for it in ids])
    return tests


@pytest.mark.parametrize(
    "names, found",
    [
        (("test_a",), ["a.py::test_a"]),
        (("TestB", "test_a"), ["a.py::TestB::test_a"]),
        (("TestB", "test_many"), ["a.py::TestB::test_many[1]", "a.py::TestB::test_many[x::y]"]),
        (("test_a", "inside"), ["a.py::test_a"]),
        (("helper",), []),
        (("TestB",), []),
        (("TestB", "helper"), []),
        ((), []),
    ],
)
def test_a_place_belongs_to_the_test_whose_function_is_around_it(names: tuple[str, ...], found: list[str]) -> None:
    tests = of_a_project(
        "a.py::test_a", "a.py::TestB::test_a", "a.py::TestB::test_many[1]", "a.py::TestB::test_many[x::y]"
    )

    assert [each.id for each in tests.at("/p/a.py", names)] == found
    assert tests.at("/p/other.py", names) == []


def test_a_method_of_a_base_class_belongs_to_the_tests_of_all_classes_that_have_it() -> None:
    tests = of_a_project("b.py::TestB::test_it", "b.py::TestC::test_it", module="/p/b.py")

    assert len(tests.at("/p/a.py", ("Base", "test_it"))) == 2


def test_a_test_that_was_moved_into_a_base_class_is_asked_for_where_it_is_found() -> None:
    tests = Tests()
    tests.begin(TestOrder("/p", ""))
    there = {"kind": "start", "id": "a.py::TestA::test_it", "file": "/p/a.py", "line": 3, "module": ""}
    tests.take([there])

    tests.take([there | {"file": "/p/base.py", "module": "/p/a.py"}])

    (moved,) = tests.all
    assert (moved.file, moved.argument) == ("/p/base.py", "/p/a.py::TestA::test_it")
