"""What became of a replacement of code, in words. Pure functions."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Final

from tasktonic.protocol.messages import CodeReplaced

_NAMED: Final = 4
_REASONS: Final = 3


def words_of(told: CodeReplaced) -> str:
    """One or more sentences for the line above the text, and for the log."""
    name = os.path.basename(told.file)  # noqa: PTH119 - the path of another program, taken as it is
    if told.problem:
        return f"{name}: {told.problem}"
    parts = []
    if told.undone:
        parts.append(f"Put back: {_listed(told.replaced) or 'the lines'}. The file keeps your text.")
    elif told.replaced:
        parts.append(f"{_counted(told.replaced)} replaced: {_listed(told.replaced)}.")
    elif not told.kept:
        parts.append(f"Nothing that runs is another in {name}: the app goes on with it as it is.")
    if told.kept:
        reasons = "; ".join(f"{row.what} ({row.why})" for row in told.kept[:_REASONS])
        more = f"; and {len(told.kept) - _REASONS} more" if len(told.kept) > _REASONS else ""
        parts.append(f"Not replaced: {reasons}{more}.")
    return " ".join([*parts, *told.notes])


def _counted(names: Sequence[str]) -> str:
    what = "handler" if all(_is_handler(name) for name in names) else "method"
    return f"{len(names)} {what}{'s' * (len(names) > 1)}"


def _is_handler(name: str) -> bool:
    return name.rpartition(".")[2].lstrip("_").startswith("tts") or ".ttqt" in name


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_NAMED])
    return f"{shown} and {len(names) - _NAMED} more" if len(names) > _NAMED else shown
