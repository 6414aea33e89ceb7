"""What the stream is told of a class before the first essence of it."""

from __future__ import annotations

from typing import Any

from .events import ClassDefined, HandlerDefined, SparkleDefined, StateDefined
from .states import ClassTable
from .stream import stream


def tell_class(table: ClassTable) -> None:
    """Say in the stream what a class is made of. Two threads may both say it: neither may go on before it has been said."""
    epoch = stream.epoch
    file, line = table.place()
    bases = ",".join(base.__name__ for base in table.cls.__mro__[1:] if base is not object)
    cls: Any = table.cls
    rows: list[Any] = [ClassDefined(table.id, table.name, cls.__module__, file, line, cls._tt_is_service, bases)]  # type: ignore[arg-type]
    rows += [StateDefined(table.id, index, name) for index, name in enumerate(table.states)]  # type: ignore[arg-type]
    for sparkle in table.sparkles:
        rows.append(SparkleDefined(sparkle.id, table.id, sparkle.called))  # type: ignore[arg-type]
        for state, handler in sparkle.handlers.items():
            code = handler.__code__
            rows.append(
                HandlerDefined(table.id, sparkle.id, state, handler.__name__, code.co_filename, code.co_firstlineno)  # type: ignore[arg-type]
            )
    for row in rows:
        stream.emit(row)
    table.told_epoch = epoch
