"""TaskTonic Studio: see a running tasktonic program live. Importing has no effects."""

from __future__ import annotations

from typing import Final

__version__: Final = "0.1.0"

__all__ = ["__version__"]
