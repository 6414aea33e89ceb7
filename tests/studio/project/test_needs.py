"""What is installed for a project: read from all the lists that people write."""

from __future__ import annotations

from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tasktonic_studio.project.needs import Needs, NeedsList, needs_of


def stated(project: Path, text: str) -> Needs:
    """What a project needs with this text in its ``pyproject.toml``."""
    (project / "pyproject.toml").write_text(text, encoding="utf-8")
    return needs_of(project)


def test_project_without_lists_needs_nothing(tmp_path: Path) -> None:
    assert needs_of(tmp_path) == Needs()


def test_both_lists_of_a_project_count(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("numpy\n", encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text('[project]\ndependencies = ["attrs>=23", "--pre"]\n', encoding="utf-8")

    assert needs_of(tmp_path) == Needs(
        (
            NeedsList(
                "what requirements.txt and pyproject.toml list",
                ("-r", str(tmp_path / "requirements.txt"), "attrs>=23"),
            ),
        )
    )


@pytest.mark.parametrize("line", ["tasktonic", "TaskTonic==1.2", "TASKTONIC [x] ; python_version > '3'"])
def test_foreign_package_of_the_same_name_is_not_installed(tmp_path: Path, line: str) -> None:
    (tmp_path / "requirements.txt").write_text(f"# tasktonic\nnumpy\n{line}\n", encoding="utf-8")

    needs = needs_of(tmp_path)

    assert needs.lists == ()
    assert needs.problem.startswith(
        "requirements.txt asks for tasktonic, and the package of that name is not this framework."
    )


@pytest.mark.parametrize(
    "line", ["tasktonic-studio[qt]", "./tasktonic", "tasktonic/sub", "-e tasktonic", "# tasktonic"]
)
def test_what_only_looks_like_it_is_installed(tmp_path: Path, line: str) -> None:
    (tmp_path / "requirements.txt").write_text(f"{line}\n", encoding="utf-8")

    assert needs_of(tmp_path).problem == ""


@pytest.mark.parametrize(
    "text,says",
    [
        ("[project", "What the project needs cannot be read: "),
        ("x = " + "[" * 5_000, "What the project needs cannot be read: "),
        ('[project]\ndependencies = "numpy"\n', "'dependencies' in {file} is no list of texts"),
        ("\xff", "What the project needs cannot be read: "),
    ],
)
def test_list_that_cannot_be_read_is_said(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "pyproject.toml"
    file.write_text(text, encoding="latin-1")

    assert says.format(file=file) in needs_of(tmp_path).problem


def test_extras_and_groups_for_developing_are_installed_after_what_runs_it(tmp_path: Path) -> None:
    needs = stated(
        tmp_path,
        """
        [project]
        name = "My.Garden"
        dependencies = ["attrs"]
        [project.optional-dependencies]
        dev = ["my_garden[test, gpu]", "black"]
        test = ["hypothesis"]
        gpu = ["cupy"]
        [dependency-groups]
        testing = ["coverage", {include-group = "Type-Checks"}, {include-group = "testing"}]
        type_checks = ["mypy"]
        [tool.uv]
        dev-dependencies = ["rich"]
        [tool.pdm.dev-dependencies]
        docs = ["sphinx"]
        """,
    )

    assert needs.lists == (
        NeedsList("what pyproject.toml lists", ("attrs",)),
        NeedsList(
            "what pyproject.toml lists for developing",
            ("cupy", "hypothesis", "black", "hypothesis", "coverage", "mypy", "rich"),
        ),
    )
    assert needs.note == (
        "Of what the project lists, the extra gpu, the group type_checks and the group docs were left out: install it by hand, or write "
        "what you need of it into requirements.txt."
    )


def test_lists_that_name_themselves_end(tmp_path: Path) -> None:
    again = 'dev = ["garden[dev]", "garden[dev]", "garden[test]"]\ntest = ["garden[dev]", "garden[test]", "coverage"]\n'
    groups = ", ".join(["{include-group = 'dev'}", "{include-group = 'test'}"] * 12)

    needs = stated(
        tmp_path,
        f"[project]\nname = 'garden'\n[project.optional-dependencies]\n{again}"
        f"[dependency-groups]\ndev = ['black', {groups}]\ntest = [{groups}]\n",
    )

    assert set(needs.lists[0].arguments) == {"coverage", "black"}


def test_files_of_requirements_are_told_apart_by_their_names(tmp_path: Path) -> None:
    (tmp_path / "requirements").mkdir()
    for name in ("requirements-dev.txt", "test_requirements.txt", "requirements/base.txt", "requirements/docs.txt"):
        (tmp_path / name).touch()

    needs = needs_of(tmp_path)

    assert needs.lists == (
        NeedsList("what requirements/base.txt lists", ("-r", str(tmp_path / "requirements/base.txt"))),
        NeedsList(
            "what requirements-dev.txt and test_requirements.txt list for developing",
            ("-r", str(tmp_path / "requirements-dev.txt"), "-r", str(tmp_path / "test_requirements.txt")),
        ),
    )
    assert needs.note.startswith("Of what the project lists, requirements/docs.txt was left out: ")


def test_what_is_written_for_poetry_is_installed_by_pip(tmp_path: Path) -> None:
    needs = stated(
        tmp_path,
        """
        [tool.poetry.dependencies]
        python = "^3.12"
        attrs = "^23.1"
        zero = "^0.2.3"
        nothing = "^0"
        near = "~1.2"
        exact = "1.2.3"
        stars = "1.2.*"
        any = "*"
        bounds = ">= 2.7, < 3.0"
        spaced = ">=2 <3"
        rich = {version = "~13.7.1", extras = ["jupyter"], markers = "os_name == 'nt'"}
        tomli = {version = "*", python = "<3.11", platform = "linux"}
        ours = {git = "git@example.org:ours/it.git", branch = "main"}
        beside = {path = "../beside", develop = true}
        several = [{version = "1.0", python = "<3.13"}, {version = "^2", python = ">=3.13"}]
        either = "^1 || ^3"
        hidden = {version = "1.0", source = "company"}
        fast = {version = "1.0", optional = true}
        checks = {version = "3.0", optional = true}
        [tool.poetry.extras]
        test = ["checks"]
        [tool.poetry.group.dev.dependencies]
        black = "24.1"
        [tool.poetry.group.docs.dependencies]
        sphinx = "*"
        """,
    )

    assert needs.lists[0].arguments == (
        "attrs>=23.1,<24",
        "zero>=0.2.3,<0.3",
        "nothing>=0,<1",
        "near>=1.2,<1.3",
        "exact==1.2.3",
        "stars==1.2.*",
        "any",
        "bounds>=2.7,<3.0",
        "spaced>=2,<3",
        "rich[jupyter]>=13.7.1,<13.8 ; (os_name == 'nt')",
        "tomli ; sys_platform == 'linux' and python_full_version < '3.11'",
        "ours @ git+ssh://git@example.org/ours/it.git@main",
        f"beside @ {(tmp_path.parent / 'beside').as_uri()}",
        "several==1.0 ; python_full_version < '3.13'",
        "several>=2,<3 ; python_full_version >= '3.13'",
    )
    assert [str(Requirement(it)) for it in needs.lists[0].arguments]
    assert needs.lists[1:] == (NeedsList("what pyproject.toml lists for developing", ("checks==3.0", "black==24.1")),)
    assert needs.note.startswith(
        "Of what the project lists, either, for which pip has no word, hidden, for which pip has no word, fast, which is optional and the "
        "group docs were left out: "
    )


def test_what_uv_takes_from_elsewhere_is_not_taken_from_the_index(tmp_path: Path) -> None:
    needs = stated(
        tmp_path,
        """
        [project]
        dependencies = ["attrs", "Kettle[tea] ; os_name == 'posix'", "torch>=2"]
        [tool.uv.sources]
        kettle = {git = "https://example.org/kettle", tag = "v1"}
        torch = {index = "company"}
        """,
    )

    assert needs.lists[0].arguments == (
        "attrs",
        "Kettle[tea] @ git+https://example.org/kettle@v1 ; os_name == 'posix'",
    )
    assert "torch, which comes from a place of its own was left out" in needs.note


def test_what_is_only_known_when_it_is_built_is_said(tmp_path: Path) -> None:
    (tmp_path / "run.in").write_text("numpy\n", encoding="utf-8")
    of_files = stated(
        tmp_path,
        '[project]\ndynamic = ["dependencies"]\n[tool.setuptools.dynamic]\ndependencies = {file = ["run.in"]}\n',
    )
    assert of_files.lists == (NeedsList("what run.in lists", ("-r", str(tmp_path / "run.in"))),)

    computed = stated(tmp_path, '[project]\ndynamic = ["dependencies"]\n')
    assert "what pyproject.toml calls dynamic (python -m pip install -e . installs it) was left out" in computed.note

    (tmp_path / "pyproject.toml").unlink()
    (tmp_path / "setup.py").touch()
    assert needs_of(tmp_path).note == "What setup.py asks for is not read; to have it: python -m pip install -e ."


@pytest.mark.parametrize(
    "text",
    [
        "[dependency-groups]\ndev = 5\n",
        "[dependency-groups]\ndev = [{include-group = 'none'}]\n",
        "[dependency-groups]\ndev = ['tasktonic']\n",
        "[project.optional-dependencies]\ntest = [1]\n",
        "[tool.poetry.dependencies]\ntasktonic = '^1'\n",
    ],
)
def test_faulty_list_of_any_kind_is_said(tmp_path: Path, text: str) -> None:
    needs = stated(tmp_path, text)

    assert needs.problem.startswith(
        ("What the project needs cannot be read: ", "pyproject.toml asks for tasktonic, and the package of that name")
    )
    assert needs.lists == ()


@pytest.mark.parametrize("wanted", ["^", "> < 1", "latest", "||", "~1.2.*", "", "5"])
def test_version_that_nobody_understands_is_left_out_or_plain(tmp_path: Path, wanted: str) -> None:
    needs = stated(tmp_path, f"[tool.poetry.dependencies]\nkettle = '{wanted}'\n")

    assert [Requirement(it).name for each in needs.lists for it in each.arguments] in ([], ["kettle"])
    assert bool(needs.lists) != ("kettle, for which pip has no word was left out" in needs.note)
