"""The steps back of an answer to "Why?": from a run to the order it came from, to the run that gave the order, and so on.

Each step is one sentence. The walk ends where something came from outside of any sparkle, or where the record ends; it
never guesses which of the two it is.
"""

from __future__ import annotations

from typing import Final

from tasktonic.events import ERROR, HOOK, IGNORED, NO_ESSENCE
from tasktonic_studio.session import naming
from tasktonic_studio.session.answers import NOWHERE, Link, Part, Role, Sentence, duration
from tasktonic_studio.session.happenings import Happening, HappeningRow
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.record_limits import FLOW_LEVEL, gap_after, told_from_ns, unseen_flow
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.timeline import OrderRow, RunRow, TransitionRow

MOST_STEPS: Final = 200
"""So many steps back are told. Whoever wants to know more asks at the last one."""

_OUTSIDE: Final = {
    "qt": "A signal or an event of Qt called it",
    "socket": "Something came from the network",
    "asyncio": "The loop of asyncio called it, outside of any sparkle",
    "http": "A request came over HTTP",
    "by hand": "A person called it from a studio",
}


class Chain:
    """Collects the sentences of one answer. Made by `why` for each question."""

    def __init__(self, known: Knowledge, whole: Knowledge) -> None:
        self.known = known
        self.whole = whole
        self.sentences: list[Sentence] = []

    def say(
        self, role: Role, *parts: Part, t_ns: int | None = None, thing: Thing | None = None, moment: int = NOWHERE
    ) -> None:
        """Add a sentence."""
        self.sentences.append(Sentence(role, parts, t_ns, thing, moment))

    # ---- what is told of a row

    def tell_run(self, run: RunRow) -> None:
        """Say that it ran: what is asked about."""
        link = naming.run_link(self.whole, run)
        verb = " was ignored" if run.flags & IGNORED else " raised" if run.flags & ERROR else " ran"
        took = f" for {duration(run.end_ns - run.begin_ns)}" if run.end_ns and not run.flags & IGNORED else ""
        self.say(
            Role.ASKED, link, f"{verb}{took}{self._states(run)}.", t_ns=run.begin_ns or None, thing=link.thing,
            moment=link.moment,
        )  # fmt: skip

    def _states(self, run: RunRow) -> str:
        before = naming.state_name(self.whole, run.essence, run.before)
        if run.before == run.after:
            return f" in state {before}" if run.before >= 0 else ""
        after = naming.state_name(self.whole, run.essence, run.after)
        return f" and went from {before} to {after}"

    def tell_move(self, move: TransitionRow, role: Role) -> None:
        """Say that a tonic changed its state."""
        link = naming.tonic(self.known, move.essence, move.n + 1)
        old = naming.state_name(self.known, move.essence, move.old)
        new = naming.state_link(self.known, move.essence, move.new, move.n + 1)
        self.say(role, link, f" went from {old} to ", new, ".", t_ns=move.t_ns, thing=link.thing, moment=move.n + 1)

    def fate_words(self, order: OrderRow) -> list[Part]:
        """What became of an order, as the end of a sentence."""
        found = self.whole.runs.find("run", order.order, self.whole.runs.count_at(self.whole.app.first_n))
        if len(found):
            run = self.whole.runs.row(int(found[-1]))
            verb = "was ignored" if run.flags & IGNORED else "ran"
            return [f"it {verb} {duration(run.begin_ns - order.t_ns)} later."]
        if order.row in self.whole.waiting.all_rows():
            return ["it waits, or runs at this moment."]
        return ["that it ran is not in the record."]

    # ---- the steps

    def follow_number(self, number: int, did: str) -> None:
        """Say which run did what is asked about, and go on from there."""
        run = self.whole.run_of(number) if number > 0 else None
        if run is not None:
            self._tell_caller(run, did, "", None)
            self.follow_run(run)
            return
        order = self.whole.order_of(number) if number > 0 else None
        if order is None:
            self._tell_missing(number, "run", self.known.t_ns)
            return
        self._tell_unended(order, did, "", None)
        self.follow_order(order, None)

    def follow_run(self, run: RunRow) -> None:
        """Go on to what caused a run."""
        self._follow(run, None, run.run, run.begin_ns)

    def follow_order(self, order: OrderRow, begin_ns: int | None) -> None:
        """Go on to who gave an order."""
        self._follow(None, order, order.order + 1, begin_ns)

    def _follow(self, run: RunRow | None, order: OrderRow | None, below: int, begin_ns: int | None) -> None:
        """Step by step; each goes to a number below the one before, else the record is damaged."""
        for _ in range(MOST_STEPS):
            if order is None:
                assert run is not None
                if run.flags & HOOK:
                    number = run.order
                    if not 0 < number < below:
                        self._tell_hook_without_cause(run, number)
                        return
                    run, order, below = self._part_of(run, number)
                    if run is None and order is None:
                        return
                    begin_ns = run.begin_ns if run is not None else None
                    continue
                order = self.whole.order_of(run.order) if run.order > 0 else None
                if order is None or order.order > below:
                    self._tell_no_order(run)
                    return
            number = order.run
            if number <= 0:
                self._tell_outside(order, begin_ns)
                return
            if number >= order.order:
                self.say(Role.UNKNOWN, "The record is damaged: this order names a cause that came after it.")
                return
            run = self.whole.run_of(number)
            if run is None and self.whole.order_of(number) is None:
                self._tell_lost_caller(order)
                return
            waited = "" if begin_ns is None else f" and it waited {duration(begin_ns - order.t_ns)}"
            if run is not None:
                self._tell_caller(run, "called it", waited, order.t_ns)
                order, below, begin_ns = None, number, run.begin_ns
            else:
                order, below, begin_ns = self._unended(number, waited, order.t_ns), number, None
        self.say(Role.UNKNOWN, f"It goes back further than {MOST_STEPS} steps. Ask why the last one ran to go on.")

    def _part_of(self, hook: RunRow, number: int) -> tuple[RunRow | None, OrderRow | None, int]:
        """The run that a hook was a part of (or its order, while that has not ended), and the next limit."""
        run = self.whole.run_of(number)
        order = self.whole.order_of(number) if run is None else None
        link: Link | None = None
        if run is not None:
            link = naming.run_link(self.whole, run)
        elif order is not None:
            link = naming.order_link(self.whole, order)
        if link is None:
            self._tell_missing(number, "run", hook.begin_ns)
            return None, None, number
        name = self.whole.names.sparkle(hook.sparkle)
        t_ns = run.begin_ns if run is not None else None
        self.say(
            Role.CAUSE, "It is a part of ", link, f", which {_HOOK_WORDS.get(name, 'brought it about')}.", t_ns=t_ns,
            thing=link.thing, moment=link.moment,
        )  # fmt: skip
        return run, order, number if run is not None else number + 1

    def _tell_caller(self, run: RunRow, did: str, waited: str, t_ns: int | None) -> None:
        link = naming.run_link(self.whole, run)
        at = run.begin_ns if t_ns is None else t_ns
        self.say(
            Role.CAUSE,
            link,
            f" {did}{waited}{self._moved(run)}.",
            t_ns=at or None,
            thing=link.thing,
            moment=link.moment,
        )

    def _moved(self, run: RunRow) -> str:
        return f", in state {naming.state_name(self.whole, run.essence, run.before)}" if run.before >= 0 else ""

    def _unended(self, number: int, waited: str, t_ns: int) -> OrderRow:
        order = self.whole.order_of(number)
        assert order is not None
        self._tell_unended(order, "called it", waited, t_ns)
        return order

    def _tell_unended(self, order: OrderRow, did: str, waited: str, t_ns: int | None) -> None:
        """It did something, so it ran; that it ended is not told."""
        link = naming.order_link(self.whole, order)
        rest = "; that it ended is not in the record"
        self.say(
            Role.CAUSE, link, f" {did}{waited}{rest}.", t_ns=order.t_ns if t_ns is None else t_ns, thing=link.thing,
            moment=link.moment,
        )  # fmt: skip

    # ---- where it ends

    def _tell_outside(self, order: OrderRow, begin_ns: int | None) -> None:
        waited = "" if begin_ns is None else f", and it waited {duration(begin_ns - order.t_ns)}"
        thing, moment = Thing("order", order.order), order.n + 1
        if order.cause == "timer":
            self._tell_timer_fired(order, waited)
        elif order.source != NO_ESSENCE:
            who = naming.tonic(self.whole, order.source, moment)
            words = " called it in a run that has no number: that began before orders were noted"
            if self.whole.names.sparkle(order.sparkle).endswith(("_finished", "__binding_finished")):
                words = " called it: something that it had bound has ended"
            self.say(Role.OUTSIDE, who, f"{words}{waited}.", t_ns=order.t_ns, thing=thing, moment=moment)
        elif order.cause.startswith("pool "):
            self._tell_pool(order, waited)
        elif order.cause.startswith("thread "):
            words = f"The thread {order.cause[7:]}, which no catalyst turns, called it"
            self.say(Role.OUTSIDE, f"{words}{waited}.", t_ns=order.t_ns, thing=thing, moment=moment)
        elif order.cause in _OUTSIDE:
            words = f"{_OUTSIDE[order.cause]}{waited}."
            self.say(Role.OUTSIDE, words, t_ns=order.t_ns, thing=thing, moment=moment)
        elif order.cause in ("", "outside"):
            self.tell_start(order.n, "called it", order, waited)
        else:
            words = f"{self._who(order)}{waited}."
            self.say(Role.OUTSIDE, words, t_ns=order.t_ns, thing=thing, moment=moment)

    def _who(self, order: OrderRow) -> str:
        """An outside thing that is known by its name only: a studio, if it said just before what it does."""
        hand = self._before(order.n, Happening.BY_HAND, None)
        if hand is not None and self.whole.happenings.words.text(hand.more) == order.cause:
            return f"By hand, from {order.cause}: {hand.word}"
        return f"{order.cause} called it"

    def _tell_timer_fired(self, order: OrderRow, waited: str) -> None:
        if order.source == NO_ESSENCE:
            thing, moment = Thing("order", order.order), order.n + 1
            self.say(Role.OUTSIDE, f"A timer fired{waited}.", t_ns=order.t_ns, thing=thing, moment=moment)
            return
        fired = self._before(order.n, Happening.TIMER_FIRED, order.source)
        moment = fired.moment if fired is not None else order.n + 1
        link = naming.tonic(self.whole, order.source, moment)
        self.say(Role.OUTSIDE, "The timer ", link, f" fired{waited}.", t_ns=order.t_ns, thing=link.thing, moment=moment)
        was_set = self._before(order.n, Happening.TIMER_SET, order.source)
        if was_set is None:
            return
        run = self.whole.run_of(was_set.run) if was_set.run > 0 else None
        ago = duration(order.t_ns - was_set.t_ns)
        if run is None:
            self.say(
                Role.DETAIL, f"It was set {ago} before.", t_ns=was_set.t_ns, thing=link.thing, moment=was_set.moment
            )
            return
        by = naming.run_link(self.whole, run)
        self.say(Role.DETAIL, by, f" had set it {ago} before.", t_ns=was_set.t_ns, thing=by.thing, moment=by.moment)

    def _tell_pool(self, order: OrderRow, waited: str) -> None:
        function = order.cause[5:]
        words = f"A worker of the pool was through with {function}{waited}."
        self.say(Role.OUTSIDE, words, t_ns=order.t_ns, thing=Thing("order", order.order), moment=order.n + 1)
        happenings = self.whole.happenings
        rows = happenings.of(Happening.OFFLOADED, essence=order.essence, first_n=self.whole.app.first_n)
        found = [row for row in happenings.rows_at(rows) if row.word == function and row.n < order.n]
        if not found:
            return
        if len(found) > 1:
            self.say(
                Role.UNKNOWN, f"{len(found):,} such pieces of work were handed off; which of them it was is not told."
            )
            return
        run = self.whole.run_of(found[0].run) if found[0].run > 0 else None
        if run is not None:
            by = naming.run_link(self.whole, run)
            t_ns = found[0].t_ns
            self.say(Role.DETAIL, by, " had handed it off.", t_ns=t_ns, thing=by.thing, moment=by.moment)

    def tell_start(self, n: int, did: str, order: OrderRow | None = None, waited: str = "") -> None:
        """Say that the main thread did it outside of any sparkle: while the app was made, or later."""
        began = self._before(n, Happening.CATALYST_BEGAN, None)
        t_ns = order.t_ns if order is not None else None
        thing = Thing("order", order.order) if order is not None else None
        moment = n + 1 if order is not None else NOWHERE
        if began is None and not told_from_ns(self.whole):
            name = self.whole.app.name or "the app"
            self.say(Role.OUTSIDE, f"The start of {name} {did}{waited}.", t_ns=t_ns, thing=thing, moment=moment)
        elif order is not None and order.cause == "outside":
            words = f"The main thread {did}, outside of any sparkle{waited}."
            self.say(Role.OUTSIDE, words, t_ns=t_ns, thing=thing, moment=moment)
        else:
            words = f"Something outside of any sparkle {did}; the record does not say what."
            self.say(Role.UNKNOWN, words, t_ns=t_ns, thing=thing, moment=moment)
            self.tell_level_at(n)

    def tell_outside_write(self, store: int, path: str, source: str, moment: int) -> None:
        """A value was written, and not in a run."""
        hand = self._before(moment, Happening.BY_HAND, store)
        if hand is not None and hand.word.startswith(f"store set: {path} = ") and moment - hand.n <= _SOON:
            self.say(Role.OUTSIDE, f"By hand: {hand.word}.", t_ns=hand.t_ns, moment=hand.moment)
            return
        who = f"{source} wrote it" if source else "It was written"
        self.say(Role.UNKNOWN, f"{who} outside of any run that was numbered: the record has no cause for it.")
        self.tell_level_at(moment)

    def tell_outside_end(self, essence: int, n: int) -> None:
        """It was asked to finish, and not in a run."""
        known = self.whole
        fired = self._before(n, Happening.TIMER_FIRED, essence)
        hand = self._before(n, Happening.BY_HAND, essence)
        if fired is not None and essence not in known.catalysts:
            self.say(
                Role.OUTSIDE, "It is a timer that fires once: then it finishes.", t_ns=fired.t_ns, moment=fired.moment
            )
        elif hand is not None and hand.word.startswith("finish") and n - hand.n <= _SOON:
            self.say(Role.OUTSIDE, f"By hand: {hand.word}.", t_ns=hand.t_ns, moment=hand.moment)
        else:
            self.say(
                Role.OUTSIDE, "That came from outside of any sparkle: the end of the app, or a call from elsewhere."
            )

    def tell_level_at(self, n: int) -> None:
        """Say when runs were not numbered at an event."""
        before = [level for level in self.whole.levels if level[0] <= n]
        if before and before[-1][2] < FLOW_LEVEL:
            words = "Orders and runs were not noted just then: nobody wanted them, or the probe saved."
            self.say(Role.UNKNOWN, words, t_ns=before[-1][1], moment=before[-1][0] + 1)

    def _tell_hook_without_cause(self, run: RunRow, number: int) -> None:
        name = self.whole.names.sparkle(run.sparkle)
        if number > 0:
            self.say(Role.UNKNOWN, "The record is damaged: this hook names a cause that came after it.")
        else:
            self.say(Role.UNKNOWN, f"{name} ran outside of any run that was numbered: the record has no cause for it.")
            self.tell_level_at(run.n)

    def _tell_no_order(self, run: RunRow) -> None:
        """Nobody is told to have called it: lost, or one of the orders by which the framework ends things, which are not noted."""
        name = self.whole.names.sparkle(run.sparkle)
        if name in _ENDINGS and not unseen_flow(self.whole, self.whole.app.began_ns, run.end_ns):
            words = "The framework itself saw to that: the app ends, or what this tonic is a part of."
            self.say(Role.OUTSIDE, words, t_ns=run.begin_ns, thing=Thing("run", run.run), moment=run.n + 1)
            return
        self._tell_missing(run.order, "order", run.begin_ns)

    def _tell_missing(self, number: int, what: str, t_ns: int) -> None:
        if number <= 0:
            self.say(Role.UNKNOWN, f"That {what} has no number: it was given before orders were noted.")
            return
        self.say(
            Role.UNKNOWN, f"The {what} with the number {number} is not in the record, so who caused it is not known."
        )
        self._tell_why_missing(0, t_ns)

    def _tell_lost_caller(self, order: OrderRow) -> None:
        words: list[Part] = [f"run {order.run}"]
        if order.source != NO_ESSENCE:
            words = [naming.tonic(self.whole, order.source, order.n + 1), f", in its run {order.run},"]
        self.say(
            Role.UNKNOWN, *words, " called it; that run is not in the record, so what caused it is not known.",
            t_ns=order.t_ns, thing=Thing("order", order.order), moment=order.n + 1,
        )  # fmt: skip
        self._tell_why_missing(0, order.t_ns)

    def _tell_why_missing(self, from_ns: int, t_ns: int) -> None:
        """What the record lacks just there, if it says."""
        gap = gap_after(self.whole, t_ns)
        told = unseen_flow(self.whole, from_ns, gap.until_ns if gap is not None else t_ns)
        self.sentences += [unseen.sentence() for unseen in told]

    def _before(self, n: int, kind: Happening, essence: int | None) -> HappeningRow | None:
        """The last happening of a kind before an event."""
        happenings = self.whole.happenings
        rows = happenings.of(kind, essence=essence, first_n=self.whole.app.first_n)
        rows = rows[rows < happenings.count_at(n + 1)]
        return happenings.row(int(rows[-1])) if len(rows) else None


_SOON: Final = 200
"""What is done by hand is told before it is done; so many events later something else may be the cause."""

_ENDINGS: Final = ("_ttss__main_catalyst_finished", "_ttss__app_end", "_ttss__finish")

_HOOK_WORDS: Final = {
    "ttse__on_enter": "asked for the new state",
    "ttse__on_exit": "asked for another state",
    "ttse__on_finished": "brought its end",
}
