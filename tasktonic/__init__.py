"""tasktonic: concurrency as sparkles in a tonic. What is listed here is the public interface."""

from typing import TYPE_CHECKING, Any

from . import launched, steered
from .calendar_timers import (
    ttTimerEveryDay,
    ttTimerEveryHour,
    ttTimerEveryMinute,
    ttTimerEveryMonth,
    ttTimerEveryWeek,
    ttTimerEveryYear,
)
from .catalyst import ttCatalyst
from .crossing import ttShared
from .errors import ttError, ttUnknownState
from .essence import ttEssence
from .formula import ttFormula
from .ledger import ttLedger
from .log_levels import ttLog
from .loggers import ttLogService
from .store import Item, Store
from .store_service import ttStore
from .timers import ttTimer, ttTimerPausing, ttTimerRepeat, ttTimerSingleShot
from .tonic import ttTonic

if TYPE_CHECKING:
    from .testing.distiller import ttDistiller
    from .trace.trace import Trace

__version__ = "0.1.0"

__all__ = [
    "Item",
    "Store",
    "Trace",
    "ttCatalyst",
    "ttDistiller",
    "ttError",
    "ttEssence",
    "ttFormula",
    "ttLedger",
    "ttLog",
    "ttLogService",
    "ttShared",
    "ttStore",
    "ttTimer",
    "ttTimerEveryDay",
    "ttTimerEveryHour",
    "ttTimerEveryMinute",
    "ttTimerEveryMonth",
    "ttTimerEveryWeek",
    "ttTimerEveryYear",
    "ttTimerPausing",
    "ttTimerRepeat",
    "ttTimerSingleShot",
    "ttTonic",
    "ttUnknownState",
]


launched.take()


def _watch_when_asked() -> None:
    """Let the studio in when the environment asks for it; the probe is only loaded then."""
    import os

    launched.take()  # when it was set after this was imported
    is_launched = launched.is_said("TASKTONIC_STUDIO")
    if is_launched or os.environ.get("TASKTONIC_STUDIO"):
        from .loggers import shown_elsewhere
        from .probe import start_from_environment

        if is_launched:
            shown_elsewhere.add("screen")
        start_from_environment()


ttFormula.before_app.append(_watch_when_asked)


def _distil_when_asked() -> None:
    """Have a distiller take the place of the main catalyst when the formula or a studio asks for it; it is only loaded then."""
    if launched.is_said("TASKTONIC_STUDIO_DISTIL") or steered.steering is not None:
        from .testing import steering

        steering.begin()
    elif ttLedger().formula.get("tasktonic/testing/distiller", False):
        from .testing.distiller import in_place_of

        ttLedger().in_place_of_main = in_place_of


ttFormula.before_app.append(_distil_when_asked)


def _open_pool(ledger: ttLedger) -> Any:
    """Make the pool of an app when a tonic offloads something; it is only loaded then."""
    from .pool import open_pool

    return open_pool(ledger)


ttTonic._tt_open_pool = staticmethod(_open_pool)


def _record_when_asked() -> None:
    """Record when the environment or the formula asks for it; the recorder is only loaded then."""
    import os

    formula = ttLedger().formula
    if (
        os.environ.get("TASKTONIC_RECORD")
        or os.environ.get("TASKTONIC_FLIGHT")
        or formula.get("tasktonic/record/to")
        or formula.get("tasktonic/flight/to")
    ):
        from .recorder import asked

        asked.begin()
        if asked.end not in ttFormula.after_app:
            ttFormula.after_app.append(asked.end)


ttFormula.before_app.append(_record_when_asked)


if not TYPE_CHECKING:  # to a type checker every name would be there

    def __getattr__(name: str) -> Any:
        """What only tests need is loaded when somebody asks for it."""
        if name == "ttDistiller":
            from .testing.distiller import ttDistiller

            return ttDistiller
        if name == "Trace":
            from .trace.trace import Trace

            return Trace
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
