from __future__ import annotations

from collections.abc import Iterator

import pytest

from tasktonic import brake
from tasktonic.breaking import breaker


@pytest.fixture(autouse=True)
def _nothing_set_afterwards() -> Iterator[None]:
    yield
    breaker.clear("test")
    breaker.clear("other")
    brake.release()
