"""What `tasktonic check --format sarif` writes, held against the schema of SARIF 2.1.0."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tasktonic import cli
from tests.helpers.json_schema import faults_of

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "tests/data/sarif/sarif-2.1.0-rtm.4.json").read_text(encoding="utf-8"))


def written(capsys: pytest.CaptureFixture[str], *paths: str) -> Any:
    cli.main(["check", *paths, "--format", "sarif"])
    return json.loads(capsys.readouterr().out)


def test_findings_of_every_kind_are_as_the_schema_says(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)

    log = written(capsys, "tests/check/faulty", str(ROOT / "tests/check/faulty/dead_handler.py"))

    assert len({it["ruleId"] for it in log["runs"][0]["results"]}) > 12
    assert any("fixes" in it for it in log["runs"][0]["results"])
    assert faults_of(log, SCHEMA) == []


def test_nothing_found_and_names_that_no_address_has_are_as_the_schema_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("clean.py").touch()
    Path("a Tür [1] 50%.py").write_text("def (", encoding="utf-8")

    clean, odd = written(capsys, "clean.py"), written(capsys, "a Tür [1] 50%.py")

    assert (clean["runs"][0]["results"], len(odd["runs"][0]["results"])) == ([], 1)
    assert faults_of(clean, SCHEMA) == faults_of(odd, SCHEMA) == []


@pytest.mark.parametrize(
    "path, value",
    [
        (("level",), "hint"),
        (("message",), {}),
        (("rule",), "more"),
        (("locations", 0, "physicalLocation", "region", "startLine"), 0),
        (("locations", 0, "physicalLocation", "artifactLocation", "uri"), "my door.py"),
    ],
)
def test_what_is_not_as_the_schema_says_is_found(
    path: tuple[Any, ...], value: object, capsys: pytest.CaptureFixture[str]
) -> None:
    log = written(capsys, str(ROOT / "tests/check/faulty/unreadable.py"))
    at = log["runs"][0]["results"][0]
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value

    (fault,) = faults_of(log, SCHEMA)

    assert fault.startswith("$.runs[0].results[0]")
