"""The fold of what is told beside the stream: by the services about the target, and by the probe in messages of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from tasktonic.protocol import messages
from tasktonic_studio.session.changes import Changes
from tasktonic_studio.session.code_words import words_of
from tasktonic_studio.session.inbox import FlowDropped, Notice, Output, SourceText, TargetBegan, TargetStatus, Told
from tasktonic_studio.session.knowledge import AttributesFacts, Knowledge, StackFacts
from tasktonic_studio.session.target import TargetFacts

FoldOne = Callable[[Knowledge, int, Any, Changes], None]
"""Takes one fact with its number into what is known, and notes what has changed."""


def running_words(know: Knowledge) -> str:
    """What is said of an app that runs: of one run by hand what its distiller said, which may have come before."""
    if know.distiller.is_over:
        return "running"
    return know.distiller.words(replace(know.target, status="running")) or "running"


def _flow_dropped(know: Knowledge, n: int, item: FlowDropped, changes: Changes) -> None:
    # The thinned block that follows has a `Gap` of its own, which counts.
    know.say(
        n, 0, "notice", f"The Studio was too slow: {item.orders:,} orders and {item.runs:,} runs were dropped.", changes
    )


def _output(know: Knowledge, n: int, item: Output, changes: Changes) -> None:
    for line in item.text.splitlines() or [""]:
        know.say(n, _time_of(know, item.t_ns), item.stream, line, changes)


def _time_of(know: Knowledge, t_ns: int) -> int:
    """A time of the machine's clock, 0 where the app goes by another one."""
    return 0 if know.target.seed is not None or know.app.has_own_clock else t_ns


def _source_text(know: Knowledge, n: int, item: SourceText, changes: Changes) -> None:
    know.source_texts = {**know.source_texts, item.file: item.text}
    changes.names = True


def _notice(know: Knowledge, n: int, item: Notice, changes: Changes) -> None:
    know.say(n, _time_of(know, item.t_ns), "notice", item.text, changes)


def _target_began(know: Knowledge, n: int, item: TargetBegan, changes: Changes) -> None:
    sentence = item.sentence or ("starting" if item.how == "launched" else "connecting")
    know.target = TargetFacts(
        "starting",
        sentence,
        item.how,
        item.script,
        item.arguments,
        item.pid,
        python=item.python,
        framework=item.framework,
        file=item.file,
        seed=item.seed,
    )
    changes.target = changes.everything = changes.new_target = True


def _target_status(know: Knowledge, n: int, item: TargetStatus, changes: Changes) -> None:
    sentence = item.sentence or item.status
    if item.status == "ended":
        sentence = _ending(know, n, item)
        if item.died:
            know.findings.died(know, n, sentence)
    know.set_target(
        changes,
        status=item.status,
        sentence=sentence,
        exit_code=item.exit_code,
        died=item.died,
        damage=item.damage,
        pid=item.pid or know.target.pid,
    )
    if item.status in ("ended", "lost"):
        changes.ended = True
        for catalyst, facts in list(know.catalysts.items()):
            if facts.alive:
                know.queues.stands_still(catalyst)
                changes.catalysts.add(catalyst)


def _ending(know: Knowledge, n: int, item: TargetStatus) -> str:
    """How a target ended, in a sentence: its own words, then the last sparkle or that there never was an app."""
    parts = [item.sentence or "ended"]
    if know.target.how == "launched" and not know.app.has_begun and item.exit_code is not None:
        parts.append("the script started no formula")
    elif item.died and (last := know.last_sparkle(n)):
        parts.append(f"last sparkle {last}")
    return ", ".join(parts)


def _told(know: Knowledge, n: int, item: Told, changes: Changes) -> None:
    message = item.message
    if isinstance(message, messages.Hello):
        _hello(know, message, changes)
    elif isinstance(message, messages.Granted):
        know.set_target(changes, role=message.role)
        if message.reason:
            know.say(n, 0, "notice", message.reason, changes)
    elif isinstance(message, messages.Attributes):
        rows, t_ns = message.rows, message.t_ns or know.t_ns
        before = know.attributes.get(message.essence)
        if message.problem and not rows and before is not None:
            # It could not be looked at once more: what it was last is still worth knowing.
            rows, t_ns = before.rows, before.t_ns
        if message.rows:
            know.note_numbers(n, t_ns, message.essence, message.rows)
        know.attributes[message.essence] = AttributesFacts(message.essence, n, t_ns, rows, message.problem)
        changes.attributes.add(message.essence)
    elif isinstance(message, messages.Stack):
        catalyst = message.catalyst
        know.stacks[catalyst] = StackFacts(catalyst, n, message.t_ns or know.t_ns, message.lines, message.problem)
        changes.catalysts.add(catalyst)
    elif isinstance(message, messages.NextOrders):
        know.next_orders[message.catalyst] = message
        changes.catalysts.add(message.catalyst)
    elif isinstance(message, messages.Listeners):
        know.note_listeners(message)
        changes.answers.append(message)
    elif isinstance(message, messages.Signals):
        know.signals[message.essence] = message
        changes.attributes.add(message.essence)
    elif isinstance(message, (messages.WidgetShown, messages.WidgetPicked)):
        changes.answers.append(message)
    elif isinstance(message, messages.CodeReplaced):
        know.code_replaced[message.file] = message
        changes.answers.append(message)
        if message.loaded:
            know.say(n, 0, "notice", words_of(message), changes)
    elif isinstance(message, (messages.RanOn, messages.Sparkles, messages.Evaluated)):
        changes.answers.append(message)
    elif isinstance(message, messages.Answer):
        changes.answers.append(message)
        if message.text:
            know.say(n, 0, "notice", message.text, changes)
    elif isinstance(message, messages.Cost):
        # Losses are counted from the gaps, which say where.
        fill = message.ring_fill
        know.set_figures(changes, cost_percent=message.percent, level=message.level, ring_fill=fill)
    elif isinstance(message, messages.DistillerState):
        _distiller_state(know, n, message, changes)
    elif isinstance(message, messages.DistillerStep):
        know.distiller = know.distiller.with_step(message)
        changes.target = True
    elif isinstance(message, messages.Notice):
        know.say(n, 0, "notice", message.text, changes)
    elif isinstance(message, (messages.Refused, messages.Goodbye)):
        know.say(n, 0, "notice", message.reason, changes)


def _distiller_state(know: Knowledge, n: int, message: messages.DistillerState, changes: Changes) -> None:
    before = know.distiller.state
    know.distiller = know.distiller.with_state(message)
    know.advance_time(message.now_ns)
    if message.problem and (before is None or message.problem != before.problem):
        know.say(n, 0, "error", message.problem, changes)
    if words := know.distiller.words(know.target):
        know.set_target(changes, status="running", sentence=words)
    changes.target = True


def _hello(know: Knowledge, message: messages.Hello, changes: Changes) -> None:
    target = know.target
    begins = target.status in ("none", "starting")
    know.set_target(
        changes,
        status="running" if begins else target.status,
        sentence=running_words(know) if begins else target.sentence,
        script=target.script or message.script,
        arguments=target.arguments or message.argv,
        pid=message.pid,
        python=message.python,
        framework=message.framework,
        qt=message.qt,
        executable=message.executable,
        capabilities=message.capabilities,
        cwd=message.cwd,
    )


FOLD_TOLD: Final[Mapping[type, FoldOne]] = {
    FlowDropped: _flow_dropped,
    Output: _output,
    Notice: _notice,
    SourceText: _source_text,
    TargetBegan: _target_began,
    TargetStatus: _target_status,
    Told: _told,
}
"""By the kind of what came in."""
