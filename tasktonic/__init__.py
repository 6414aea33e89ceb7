"""tasktonic: concurrency as sparkles in a tonic. What is listed here is the public interface."""

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

__version__ = "0.1.0"

__all__ = [
    "Item",
    "Store",
    "ttCatalyst",
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


def _watch_when_asked() -> None:
    """Let the studio in when the environment asks for it; the probe is only loaded then."""
    import os

    wanted = os.environ.get("TASKTONIC_STUDIO")
    if wanted:
        from .loggers import shown_elsewhere
        from .probe import start_from_environment

        if wanted == "connect":
            shown_elsewhere.add("screen")
        start_from_environment()


ttFormula.before_app.append(_watch_when_asked)
