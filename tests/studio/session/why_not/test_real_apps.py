"""Every reason of "Why not?" on the record of a real app, exactly."""

from __future__ import annotations

from pathlib import Path

import pytest

from tasktonic_studio.session.why_not import why_not
from tests.helpers.why_apps import CASES, Case, recorded, session_of


@pytest.mark.parametrize("case", [case for case in CASES if case.app != "gap"], ids=lambda case: case.app)
def test_the_record_of_a_real_app_gives_exactly_the_reason(case: Case, tmp_path: Path) -> None:
    known = session_of(recorded(case, tmp_path / "run.ttt")).live

    answer = why_not(known, case.question(known))

    assert answer.reasons == case.reasons, answer.text
    assert any(case.says in sentence.text for sentence in answer.sentences), answer.text
    assert answer.is_exact, answer.text
