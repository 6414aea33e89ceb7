"""Projects and traces that were opened, scripts that were started with their arguments then; kept in the settings."""

from __future__ import annotations

import json
from pathlib import Path

from tasktonic_studio.commands.running import RecentProject, RecentRun, RecentScript
from tasktonic_studio.session.target import TargetFacts
from tasktonic_studio.settings import Settings


def remember(settings: Settings, target: TargetFacts) -> None:
    """Put a launched script in front of the recent ones, with its arguments; a trace likewise."""
    if target.how == "file" and target.file:
        settings.put_first("recent.traces", str(Path(target.file).absolute()))
    if target.how != "launched" or not target.script:
        return
    script = str(Path(target.script).absolute())
    settings.put_first("recent.scripts", script)
    arguments = dict(settings.get("recent.arguments"))
    arguments[script] = json.dumps(list(target.arguments))
    kept = settings.texts("recent.scripts")
    settings.set("recent.arguments", {name: value for name, value in arguments.items() if name in kept})


def recent_scripts(settings: Settings) -> list[RecentScript]:
    """The scripts that were started before, the latest first."""
    arguments = settings.get("recent.arguments")
    return [
        RecentScript(script, _arguments(arguments.get(script, "[]"))) for script in settings.texts("recent.scripts")
    ]


def recent_runs(settings: Settings) -> list[RecentRun]:
    """The traces that were opened before, the latest first."""
    return [RecentRun(file) for file in settings.texts("recent.traces")]


def recent_projects(settings: Settings) -> list[RecentProject]:
    """The folders that were open as projects, the latest first."""
    return [RecentProject(folder) for folder in settings.texts("recent.projects")]


def _arguments(text: str) -> tuple[str, ...]:
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        return ()
    return tuple(str(each) for each in read) if isinstance(read, list) else ()
