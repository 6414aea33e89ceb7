"""How an app ended becomes a sentence, the last errors, and the next steps."""

from __future__ import annotations

import pytest

from tasktonic_studio.session.inbox import InboxItem, Output, TargetBegan, TargetStatus
from tasktonic_studio.session.session import Session
from tasktonic_studio.ui.endings import OUTPUT_LINES, problem_of_ending
from tests.helpers.builders import a_session_with_plant


def ended(*items: InboxItem, how: str = "launched") -> Session:
    session = Session()
    session.apply([TargetBegan(how, "/tmp/app.py", (), 1), *items])
    return session


def test_a_running_app_is_no_problem() -> None:
    assert problem_of_ending(a_session_with_plant().live) is None


def test_an_app_that_ended_well_is_no_problem() -> None:
    session = a_session_with_plant()
    session.apply([TargetStatus("ended", "ended", 0)])

    assert problem_of_ending(session.live) is None


@pytest.mark.parametrize("code", [1, 3, -9])
def test_another_exit_code_is_a_problem_with_a_restart(code: int) -> None:
    problem = problem_of_ending(ended(TargetStatus("ended", "ended badly", code)).live)

    assert problem is not None
    assert problem.sentence.startswith("app.py: ended badly")
    assert [step.command_id for step in problem.steps] == ["run.restart"]


WAY = (
    " There is no PySide6.py beside it, and its Python has no such package: in a project, write PySide6 into requirements.txt, "
    "and choose Project › Install what the project needs."
)


@pytest.mark.parametrize(
    "module, advice",
    [
        ("PySide6", WAY),
        ("tasktonic", ""),
        ("pump.valve", ""),
    ],
)
def test_of_a_package_that_is_missing_it_is_said_how_to_get_it(module: str, advice: str) -> None:
    words = f"ended: exit code 1, ModuleNotFoundError: No module named '{module}' (app.py, line 1)"

    problem = problem_of_ending(ended(TargetStatus("ended", words, 1)).live)

    assert problem is not None
    assert problem.sentence == f"app.py: {words}, the script started no formula.{advice}"


def test_a_script_without_a_formula_is_a_warning() -> None:
    problem = problem_of_ending(ended(TargetStatus("ended", "ended", 0)).live)

    assert problem is not None
    assert problem.kind == "warning"
    assert problem.sentence == "app.py: ended, the script started no formula."


def test_an_app_that_ended_badly_can_be_compared_with_the_run_before() -> None:
    session = a_session_with_plant()
    session.apply([TargetStatus("ended", "ended badly", 1)])

    alone, after_another = (problem_of_ending(session.live, has_previous=there_is) for there_is in (False, True))

    assert alone is not None
    assert after_another is not None
    assert [step.words for step in after_another.steps[len(alone.steps) :]] == ["Compare with the run before"]


def test_a_lost_app_can_be_attached_again() -> None:
    problem = problem_of_ending(ended(TargetStatus("lost", "it does not answer"), how="attached").live)

    assert problem is not None
    assert [step.command_id for step in problem.steps] == ["file.attach"]


def test_details_are_the_last_lines_of_errors_only() -> None:
    lines = "\n".join(str(number) for number in range(200))
    session = ended(Output("stderr", lines), Output("stdout", "not this"), TargetStatus("ended", "ended", 1))

    problem = problem_of_ending(session.live)

    assert problem is not None
    assert problem.details.splitlines() == [str(number) for number in range(200 - OUTPUT_LINES, 200)]
