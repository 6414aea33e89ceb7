"""Where Python looks for the packages of a project."""

from __future__ import annotations

from pathlib import Path

from tasktonic_studio.project.layout import source_folders
from tasktonic_studio.project.run_file import RunConfiguration, order_of


def test_a_packaged_project_that_keeps_its_packages_in_src_is_looked_into_there(tmp_path: Path) -> None:
    (tmp_path / "src" / "mill").mkdir(parents=True)
    assert source_folders(tmp_path) == ()

    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'mill'\n")

    assert source_folders(tmp_path) == (str(tmp_path / "src"),)
    assert order_of(RunConfiguration("app", "app.py"), tmp_path, "").sources == (str(tmp_path / "src"),)


def test_a_package_that_is_itself_called_src_is_left_to_its_project(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "__init__.py").touch()
    (tmp_path / "pyproject.toml").touch()

    assert source_folders(tmp_path) == ()


def test_a_file_called_src_is_nothing(tmp_path: Path) -> None:
    (tmp_path / "src").touch()
    (tmp_path / "pyproject.toml").touch()

    assert source_folders(tmp_path) == ()
