"""Commands about keeping the watched run: record it, save what was seen."""

from __future__ import annotations

from collections.abc import Sequence

from tasktonic_studio.commands.command import Command
from tasktonic_studio.commands.context import CommandContext


def _is_watched(context: CommandContext) -> bool:
    if context.session is None:
        return False
    target = context.session.live.target
    return target.is_alive and target.how in ("launched", "attached")


def _is_recording(context: CommandContext) -> bool:
    return context.window.recording().is_on


def _can_record_or_stop(context: CommandContext) -> bool:
    return _is_recording(context) or _is_watched(context)


def _record_or_stop(context: CommandContext) -> None:
    if _is_recording(context):
        context.requests.stop_recording()
    else:
        context.window.record_run()


def _can_save(context: CommandContext) -> bool:
    state = context.window.recording()
    return state.can_save and not state.is_saving


def _save(context: CommandContext) -> None:
    context.window.ask_save_run()


def _has_previous(context: CommandContext) -> bool:
    return context.window.recording().has_previous


def _save_previous(context: CommandContext) -> None:
    context.window.ask_save_run(previous=True)


def recording_commands() -> Sequence[Command]:
    """The commands of the menus File and Run that keep a run."""
    return (
        Command(
            "run.record",
            "Record the run",
            "Write what is watched into a file, with what is still known of before; again to stop.",
            _record_or_stop,
            keys=("Ctrl+Shift+R",),
            icon="record",
            menu="Run",
            toolbar=True,
            enabled_when=_can_record_or_stop,
            checked_when=_is_recording,
            section="keep",
        ),
        Command(
            "file.save_run",
            "Save what was seen…",
            "Write the run as it was watched so far into a file, also after its app has died.",
            _save,
            keys=("Ctrl+Alt+R",),
            icon="save",
            menu="File",
            enabled_when=_can_save,
            section="start",
        ),
        Command(
            "file.save_previous_run",
            "Save the run before…",
            "Write what was seen of the run before this one into a file: it is kept until another one begins.",
            _save_previous,
            icon="save",
            menu="File",
            enabled_when=_has_previous,
            section="start",
        ),
    )
