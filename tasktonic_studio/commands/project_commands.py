"""Commands of a project: open it, add to it, and how it is run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from tasktonic.new import KINDS
from tasktonic_studio.commands.choice import Choice
from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext
from tasktonic_studio.project.run_file import DISTILLER, RunConfiguration, configuration_for, order_of

NO_PROJECT: Final = "No folder is open as a project; Project › Open a folder."
_NEW: Final = {
    "project": "New project…",
    "tonic": "New tonic…",
    "service": "New service…",
    "window": "New window…",
    "server": "New server…",
}


def why_no_project(context: CommandContext) -> str:
    """Why a command of a project cannot be done, in a sentence; empty when one is open."""
    return "" if context.project.folder is not None else NO_PROJECT


def start_chosen(context: CommandContext) -> bool:
    """Start what is chosen in the open project; False when there is nothing to start."""
    configuration = context.project.configuration()
    if configuration is None:
        return False
    start(context, configuration)
    return True


def start(context: CommandContext, configuration: RunConfiguration) -> None:
    """Start a configuration of the open project, or say why its Python cannot run it."""
    project = context.project
    if project.folder is None:
        return
    if project.python.problem and not configuration.python:
        # It may have been mended meanwhile: the next try knows.
        context.requests.look_at_python(str(project.folder))
        context.window.problem(project.python.problem)
        return
    if not project.python.was_asked and not configuration.python:
        context.requests.look_at_python(str(project.folder))
    context.window.will_record(configuration.record)
    context.requests.start(order_of(configuration, project.folder, project.python.program))


def words_of(configuration: RunConfiguration) -> str:
    """What a configuration does, in a line; without values of its environment."""
    words = [" ".join([configuration.script, *configuration.arguments])]
    if configuration.how == DISTILLER:
        words.append("by hand, under a distiller")
    if configuration.record:
        words.append("recorded")
    if configuration.environment:
        words.append(f"with {', '.join(name for name, _ in configuration.environment)}")
    return "; ".join(words)


def _choose(context: CommandContext) -> None:
    project = context.project
    if project.runs is None:
        return
    choices = [Choice(each.name, words_of(each), "start", _Chosen(context, each.name)) for each in project.runs.all]
    choices.append(Choice("Change the list…", "Run configurations", "settings", context.window.ask_run_configurations))
    context.window.choose("What F5 starts from now on", choices)


class _Chosen:
    """What choosing one does: F5 starts it from now on, and it is started at once when nothing runs."""

    def __init__(self, context: CommandContext, name: str) -> None:
        self._context = context
        self._name = name

    def __call__(self) -> None:
        context = self._context
        context.window.choose_configuration(self._name)
        is_alive = context.session is not None and context.session.live.target.is_alive
        if not is_alive:
            start_chosen(context)


def _why_no_file(context: CommandContext) -> str:
    file, _ = context.window.source_place()
    if not file.endswith(".py"):
        return "No Python file is in front in the editor."
    return why_no_project(context)


def _run_file(context: CommandContext) -> None:
    file, _ = context.window.source_place()
    project = context.project
    if project.folder is None or project.runs is None:
        return
    configuration = configuration_for(Path(file), project.folder, project.runs)
    if project.runs.find(configuration.name) is None:
        if not project.runs.keep([*project.runs.all, configuration]):
            context.window.problem(project.runs.problem)
            return
    context.window.choose_configuration(configuration.name)
    start(context, configuration)


def _new(kind: str) -> Callable[[CommandContext], None]:
    def ask(context: CommandContext) -> None:
        context.window.ask_new(kind)

    return ask


def _make_environment(context: CommandContext) -> None:
    if context.project.folder is not None:
        context.window.begin_making()
        context.requests.make_environment(str(context.project.folder))


def _why_not_now(context: CommandContext) -> str:
    project = context.project
    if project.making or project.made_for is None:
        return why_no_project(context) or ("It is being made." if project.making else "")
    other = f"The environment of {project.made_for} is being made; try it again when that is done."
    return why_no_project(context) or other


def _why_no_environment(context: CommandContext) -> str:
    folder = context.project.python.folder
    return _why_not_now(context) or (f"This project has an environment: {folder}." if folder else "")


def _why_nothing_to_install_into(context: CommandContext) -> str:
    none = "This project has no environment of its own; Project › Make an environment for the project."
    return _why_not_now(context) or ("" if context.project.python.folder else none)


def _why_not_making(context: CommandContext) -> str:
    return "" if context.project.made_for is not None else "No environment is being made."


def _look_at_python(context: CommandContext) -> None:
    if context.project.folder is not None:
        context.requests.look_at_python(str(context.project.folder))


def project_commands() -> Sequence[Command]:
    """The commands of the menu Project, but for those of its tests."""
    opening = partial(Command, menu="Project", section="open")
    running = partial(Command, menu="Project", section="run")
    python = partial(Command, menu="Project", section="python")
    return (
        opening(
            "project.open",
            "Open a folder…",
            "Open a folder as a project: its files, how it is run, its tests.",
            lambda context: context.window.ask_open_project(),
            keys=("Ctrl+Alt+O",),
            icon="project",
        ),
        *(
            Command(
                f"project.new_{kind}",
                title,
                f"{KINDS[kind].help} It runs at once and has a test; you see it before it is made.",
                _new(kind),
                keys=("Ctrl+N",) if kind == "tonic" else (),
                icon="new",
                menu="Project/New",
            )
            for kind, title in _NEW.items()
        ),
        opening(
            "project.close",
            "Close the project",
            "Look at no folder any more; files that are open stay open.",
            lambda context: context.window.close_project(),
            icon="close",
            why_not=why_no_project,
        ),
        running(
            "run.choose",
            "Choose what to start…",
            "Choose the run configuration of the project that F5 starts, and start it.",
            _choose,
            keys=("Ctrl+F5",),
            icon="start",
            why_not=why_no_project,
        ),
        running(
            "run.this_file",
            "Run this file",
            "Start the file in front in the editor, and keep that as a run configuration of the project.",
            _run_file,
            keys=("Ctrl+Alt+F5",),
            icon="start",
            why_not=_why_no_file,
        ),
        running(
            "run.configurations",
            "Run configurations…",
            "How the project is run: script, arguments, environment, folder, Python, by hand or not, recorded or not.",
            lambda context: context.window.ask_run_configurations(),
            icon="settings",
            why_not=why_no_project,
        ),
        python(
            "project.make_environment",
            "Make an environment for the project",
            "Make a folder .venv with a Python of the project's own, and install tasktonic, pytest and what the project needs into it.",
            _make_environment,
            why_not=_why_no_environment,
        ),
        python(
            "project.install_needs",
            "Install what the project needs",
            "Install tasktonic, pytest and what requirements.txt and pyproject.toml list into the project's own environment.",
            _make_environment,
            why_not=_why_nothing_to_install_into,
        ),
        python(
            "project.stop_making",
            "Stop making the environment",
            "Install nothing more; an environment that is half made is taken away.",
            lambda context: context.requests.stop_making(),
            icon="stop",
            why_not=_why_not_making,
        ),
        python(
            "project.look_at_python",
            "Look at the project's Python again",
            "Find out anew which Python runs the project, after something was installed in it.",
            _look_at_python,
            why_not=why_no_project,
        ),
    )
