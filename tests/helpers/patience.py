"""How long tests wait for what is to come: one time for all, so long that it only ends the wait for what never comes."""

from __future__ import annotations

from typing import Final

PATIENCE_S: Final = 40.0
PATIENCE_MS: Final = int(PATIENCE_S * 1000)
