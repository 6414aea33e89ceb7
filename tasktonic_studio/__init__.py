"""TaskTonic Studio: shows a running tasktonic program. Importing this package has no effects."""

from __future__ import annotations

from typing import Final

__version__: Final = "0.1.0"
