"""Where a project is, in words."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tasktonic_studio.ui.panels.project.view import place_words


@pytest.mark.skipif(os.name != "posix", reason="elsewhere a path is said in full")
@pytest.mark.parametrize(
    "folder, words",
    [
        ("/home/ada/garden", "~/garden"),
        ("/home/ada/work/garden", "~/work/garden"),
        ("/home/ada", "/home/ada"),
        ("/home/adam/garden", "/home/adam/garden"),
        ("/srv/garden", "/srv/garden"),
    ],
)
def test_a_folder_in_the_home_of_the_user_is_said_from_there(
    monkeypatch: pytest.MonkeyPatch, folder: str, words: str
) -> None:
    monkeypatch.setenv("HOME", "/home/ada")

    assert place_words(Path(folder)) == words


def test_with_the_root_as_home_a_folder_is_said_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/")

    assert place_words(Path("/srv/garden")) == str(Path("/srv/garden"))


def test_where_no_home_is_known_a_folder_is_said_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    def none_is_known() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", none_is_known)

    assert place_words(Path("/srv/garden")) == str(Path("/srv/garden"))
