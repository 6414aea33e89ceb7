from __future__ import annotations

from collections.abc import Iterator

import pytest

from tasktonic import ttLedger
from tasktonic.stream import stream


@pytest.fixture(autouse=True)
def fresh_ledger() -> Iterator[None]:
    """Each test begins with an empty ledger, and leaves no app running and no reader attached."""
    ttLedger.reset()
    yield
    assert not ttLedger().running
    assert not stream.active, "a reader of the stream was left attached"
    ttLedger.reset()
