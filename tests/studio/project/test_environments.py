"""Why an environment could not be made or filled: sentences."""

from __future__ import annotations

from pathlib import Path

import pytest

from tasktonic_studio.project.environments import ready_words, why_not_installed, why_not_made
from tasktonic_studio.project.pythons import PythonFacts

NO_NETWORK = """\
WARNING: Retrying (Retry(total=4, connect=None, read=None, redirect=None, status=None)) after connection broken by
'NewConnectionError("HTTPSConnection(host='pypi.org', port=443): Failed to establish a new connection: [Errno -3] Temporary failure
in name resolution")': /simple/pytest/
ERROR: Could not find a version that satisfies the requirement pytest (from versions: none)
ERROR: No matching distribution found for pytest
"""


@pytest.mark.parametrize(
    "said,says",
    [
        (NO_NETWORK, "the package index cannot be reached from here. Try again when there is a network"),
        ("ERROR: No matching distribution found for nonsense==9\n", "there is no nonsense==9 for this Python."),
        ("/p/python: No module named pip\n", "the environment has no pip."),
        ("OSError: [Errno 28] No space left on device\n", "the disk is full."),
        ("ERROR: Invalid requirement: 'a b': Expected end\nERROR: more\n", "Invalid requirement: 'a b': Expected end."),
        ("", "pip exit code 2."),
    ],
)
def test_why_it_could_not_be_installed_is_a_sentence(said: str, says: str) -> None:
    assert why_not_installed("pytest", said, "exit code 2").startswith(f"pytest could not be installed: {says}")


def test_why_it_could_not_be_made_is_a_sentence(tmp_path: Path) -> None:
    said = "The virtual environment was not created successfully because ensurepip is not available."

    assert why_not_made(tmp_path, said).endswith("On Debian and Ubuntu it needs: apt install python3-venv")
    assert why_not_made(tmp_path, "") == f"The environment {tmp_path} could not be made: venv said nothing."


def test_what_is_in_it_is_said() -> None:
    facts = PythonFacts("/p", ".venv", "3.12.4")

    assert ready_words(facts, ["tasktonic", "pytest"]) == (
        "The environment .venv is ready: Python 3.12.4 with tasktonic and pytest."
    )
    assert ready_words(facts, []) == "The environment .venv is ready: Python 3.12.4."
