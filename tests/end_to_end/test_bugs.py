"""The clicks on the pages of the bug gallery, carried out in the real window on a run of each app."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import pytest

from tests.helpers.bug_pages import NAMES, BugPage

Steps = Generator[Callable[[], Any], None, None]


@pytest.mark.parametrize("name", NAMES)
def test_the_clicks_of_the_page_find_the_fault(run_studio: Any, name: str) -> None:
    from tests.helpers.clicks import Clicks

    page = BugPage(name)
    clicks: list[Clicks] = []

    def steps(person: Any) -> Steps:
        yield lambda: person.live.target.status == "ended"
        clicks.append(Clicks(person, page))
        yield from clicks[0].carry_out()

    try:
        run_studio(steps, str(page.app))
    except AssertionError as failure:
        failure.add_note(f"while doing {clicks[0].doing if clicks else 'nothing yet'}")
        raise
