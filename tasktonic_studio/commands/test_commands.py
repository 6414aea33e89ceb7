"""Commands of a project's tests: find them, run them all, those that failed, one, stop, look at a kept trace."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.commands.project_commands import why_no_project
from tasktonic_studio.project.pythons import why_no_tests
from tasktonic_studio.project.tests import TestFacts, TestOrder

ON_SAVE = "tests.run_on_save"
"""The setting."""


def run_tests(context: CommandContext, only: Iterable[TestFacts] | None = None, *, collect: bool = False) -> None:
    """Run tests of the open project, all for None; or say why none can be run."""
    project = context.project
    if project.folder is None:
        return
    problem = why_no_tests(project.python)
    if problem or not project.python.was_asked:
        context.requests.look_at_python(str(project.folder))
    if problem:
        project.tests.refuse(problem)
        return
    chosen = list(only) if only is not None else []
    if only is not None and not chosen:
        return
    arguments = tuple(each.argument for each in chosen)
    order = TestOrder(
        str(project.folder), project.python.program, tuple(each.id for each in chosen), arguments, collect
    )
    context.requests.run_tests(order)


def _why_nothing_failed(context: CommandContext) -> str:
    return why_no_project(context) or ("" if context.project.tests.bad() else "No test has failed.")


def _failed(context: CommandContext) -> None:
    bad = set(context.project.tests.bad())
    run_tests(context, [each for each in context.project.tests.all if each.id in bad])


def _at_caret(context: CommandContext) -> list[TestFacts]:
    file, _line = context.window.source_place()
    tests = context.project.tests
    return tests.at(file, context.window.names_at_caret()) if tests.has_in(file) else []


def _why_no_test_at_caret(context: CommandContext) -> str:
    reason = why_no_project(context)
    if reason or _at_caret(context):
        return reason
    return "The cursor of the editor stands in no test that is known."


def _run_at_caret(context: CommandContext) -> None:
    tests = _at_caret(context)
    if tests:
        context.window.show_panel("tests")
        run_tests(context, tests)


def _run_all(context: CommandContext) -> None:
    context.window.show_panel("tests")
    run_tests(context)


def _is_running(context: CommandContext) -> bool:
    return context.project.tests.is_running


def _toggle_on_save(context: CommandContext) -> None:
    context.settings.set(ON_SAVE, not context.settings.flag(ON_SAVE))


def test_commands() -> Sequence[Command]:
    """The commands of the menu Project that are about tests."""
    tests = partial(Command, menu="Project", section="tests")
    return (
        tests(
            "tests.run_all",
            "Run all tests",
            "Run the tests of the project with pytest, in its own Python and a process of its own.",
            _run_all,
            keys=("Ctrl+Alt+T",),
            icon="start",
            why_not=why_no_project,
        ),
        Command(
            "tests.run_all_quietly",
            "Run all tests without showing them",
            "Run the tests of the project; the panel that is in front stays there.",
            run_tests,
            why_not=why_no_project,
        ),
        tests(
            "tests.run_failed",
            "Run the failed tests",
            "Run those tests again that did not pass.",
            _failed,
            icon="restart",
            why_not=_why_nothing_failed,
        ),
        tests(
            "tests.run_at_caret",
            "Run the test at the cursor",
            "Run the test in which the cursor of the editor stands.",
            _run_at_caret,
            keys=("Ctrl+T",),
            icon="start",
            why_not=_why_no_test_at_caret,
        ),
        tests(
            "tests.find",
            "Look for tests",
            "Find out which tests the project has, without running them.",
            lambda context: run_tests(context, collect=True),
            icon="find",
            why_not=why_no_project,
        ),
        tests(
            "tests.stop",
            "Stop the tests",
            "Stop the tests that run; they are killed when they do not end.",
            lambda context: context.requests.stop_tests(),
            icon="stop",
            enabled_when=_is_running,
        ),
        tests(
            "tests.on_save",
            "Run the tests on each save",
            "Run all tests again whenever a file of the project is saved.",
            _toggle_on_save,
            checked_when=lambda context: context.settings.flag(ON_SAVE),
        ),
    )


test_commands.__test__ = False  # type: ignore[attr-defined]  # pytest takes it for a test where it is imported
