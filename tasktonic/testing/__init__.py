"""For tests of apps: the distiller, how to build an app under it, and fixtures for pytest (``tasktonic.testing.plugin``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .building import distill
    from .distiller import ttDistiller

__all__ = ["distill", "ttDistiller"]


if not TYPE_CHECKING:  # to a type checker every name would be there

    def __getattr__(name: str) -> Any:
        """Loaded when somebody asks: pytest loads this package with its plugin, whether a test needs it or not."""
        if name == "distill":
            from .building import distill

            return distill
        if name == "ttDistiller":
            from .distiller import ttDistiller

            return ttDistiller
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
