"""Building an app under a distiller, and ending what a test left of one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..errors import ttDistillerError
from ..formula import ttFormula
from ..ledger import ttLedger
from .distiller import ttDistiller


def distill(
    formula: type[ttFormula] = ttFormula,
    *args: Any,
    settings: Mapping[str, Any] | Iterable[tuple[str, Any]] = (),
    seed: int = 0,
    clock: str = "auto",
    raise_errors: bool = True,
    **kwargs: Any,
) -> ttDistiller:
    """Build an app as it is written, with a distiller in the place of its main catalyst, and give the distiller.

    End it with ``finish_distiller()``. The fixture ``distill`` does that by itself.

    Args:
        formula: the class of the app.
        *args: for the formula.
        settings: settings for the formula, beside and above those of its own.
        seed: as for ``ttDistiller``. A formula that makes a ``ttDistiller`` itself keeps that one as it is.
        clock: the same.
        raise_errors: the same.
        **kwargs: for the formula.

    Raises:
        ttDistillerError: the formula does not let a distiller in.
        Exception: whatever a hook of the formula raised.
    """
    asked = {
        "tasktonic/testing/distiller": True,
        "tasktonic/testing/distiller/seed": seed,
        "tasktonic/testing/distiller/clock": clock,
        "tasktonic/testing/distiller/raise_errors": raise_errors,
    }

    class Distilled(formula):  # type: ignore[misc, valid-type]  # a class that is only known now
        def creating_formula(self) -> list[tuple[str, Any]]:
            own = super().creating_formula() or ()
            return [*_pairs(own), *asked.items(), *_pairs(settings)]

    Distilled.__name__, Distilled.__qualname__ = formula.__name__, formula.__qualname__
    Distilled.__module__ = formula.__module__
    app = Distilled(*args, **kwargs)
    main = app.ledger.main_catalyst
    if not isinstance(main, ttDistiller):
        raise ttDistillerError(
            f"{formula.__name__} has run without a distiller: its __init__ or its settings kept the one that was asked for away."
        )
    return main


def _pairs(settings: Any) -> Iterable[tuple[str, Any]]:
    return settings.items() if isinstance(settings, Mapping) else settings


def end_what_is_left() -> None:
    """End the app of a distiller that is still there.

    Raises:
        ttShutdownError: something in it does not end; it is closed all the same.
        Exception: what a sparkle raised while it ended.
    """
    main = ttLedger().main_catalyst
    if isinstance(main, ttDistiller) and main.sparkling:
        main.finish_distiller()
