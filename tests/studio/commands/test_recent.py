"""Scripts that were started are remembered, with their arguments."""

from __future__ import annotations

from pathlib import Path

import pytest

from tasktonic_studio.commands.recent import recent_scripts, remember
from tasktonic_studio.commands.running import RecentScript
from tasktonic_studio.session.target import TargetFacts
from tasktonic_studio.settings import Settings


def started(script: str, *arguments: str) -> TargetFacts:
    return TargetFacts("starting", "starting", "launched", script, arguments)


def test_the_latest_comes_first() -> None:
    settings = Settings()

    remember(settings, started("/a.py", "1"))
    remember(settings, started("/b.py"))

    assert recent_scripts(settings) == [
        RecentScript(str(Path("/b.py").absolute())),
        RecentScript(str(Path("/a.py").absolute()), ("1",)),
    ]


def test_a_script_is_listed_once_with_its_last_arguments() -> None:
    settings = Settings()

    remember(settings, started("/a.py", "1"))
    remember(settings, started("/a.py", "2"))

    assert [each.arguments for each in recent_scripts(settings)] == [("2",)]


def test_an_attached_app_is_not_a_recent_script() -> None:
    settings = Settings()

    remember(settings, TargetFacts("starting", "connecting", "attached", "/a.py"))

    assert recent_scripts(settings) == []


def test_arguments_of_scripts_that_fell_off_are_forgotten() -> None:
    settings = Settings()

    for number in range(30):
        remember(settings, started(f"/{number}.py", "x"))

    assert len(settings.get("recent.arguments")) == len(recent_scripts(settings)) == 12


@pytest.mark.parametrize("broken", ["", "{", "null", '"text"', pytest.param("[" * 200_000, id="nested too deeply")])
def test_arguments_that_cannot_be_read_count_as_none(broken: str) -> None:
    settings = Settings()
    settings.set("recent.scripts", ["/a.py"])
    settings.set("recent.arguments", {"/a.py": broken})

    assert recent_scripts(settings) == [RecentScript("/a.py")]
