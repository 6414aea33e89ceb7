"""Why?: the chain back from anything to where it came into the app, in sentences.

`why` asks what is known at the moment that is shown. Runs are told when they have ended, so a cause may have its row later
in the stream than what it caused: numbers are looked up in all that is known of the app, values at the shown moment. Each
step goes to a smaller number, as a cause is always numbered before its effect; a record that says otherwise is damaged.
"""

from __future__ import annotations

from typing import Final

from tasktonic_studio.session import naming
from tasktonic_studio.session.answers import Answer, Link, Part, Role, Sentence
from tasktonic_studio.session.chain import Chain
from tasktonic_studio.session.happenings import Happening
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.record_limits import told_from_ns
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.session.steps import is_value, last_row
from tasktonic_studio.session.store_mirror import StoreEntry

MOST_PATHS: Final = 20_000
"""Of a branch of a store so many paths are looked at for the last change below it."""


def why(known: Knowledge, thing: Thing, whole: Knowledge | None = None) -> Answer:
    """Say why a thing is as it is: the chain back to the outside.

    Args:
        known: what is known at the shown moment.
        thing: a run, an order, a tonic (how it came to its state, to its end, to be at all), a state (how a tonic came to it
            last), a path of a store, a line of the log, a catalyst.
        whole: what is known of the same app in all; `known` when left out.
    """
    whole = known if whole is None or not known.is_of_app_of(whole) else whole
    chain = Chain(known, whole)
    ask = _ASKED.get(thing.kind)
    question = ask(chain, thing) if ask is not None else _about_nothing(chain, thing)
    return Answer(question, tuple(chain.sentences), thing, known.app.began_ns)


# ---- one function per kind of thing: adds the sentences, gives the question


def _about_nothing(chain: Chain, thing: Thing) -> str:
    what = "A class" if thing.kind == "class" else "A place in source"
    chain.say(Role.UNKNOWN, f"{what} has no cause. Select a tonic, a run, an order, a value or a line of the log.")
    return "Why?"


def _about_run(chain: Chain, thing: Thing) -> str:
    number = _number(thing)
    run = chain.whole.run_of(number) if number > 0 else None
    if run is None:
        if chain.whole.order_of(number) is not None:
            return _about_order(chain, Thing("order", number))
        chain.say(Role.UNKNOWN, f"Run {number} is not in the record: it has not ended yet, was lost, or is forgotten.")
        return f"Why did run {number} run?"
    chain.tell_run(run)
    chain.follow_run(run)
    return f"Why did {naming.sparkle_words(chain.whole, run.essence, run.sparkle)} run?"


def _about_order(chain: Chain, thing: Thing) -> str:
    number = _number(thing)
    order = chain.whole.order_of(number) if number > 0 else None
    if order is None:
        chain.say(Role.UNKNOWN, f"Order {number} is not in the record: it was lost, or is forgotten.")
        return f"Why was order {number} given?"
    link = naming.order_link(chain.whole, order)
    given = f"({order.arguments})" if order.arguments else ""
    chain.say(
        Role.ASKED, link, f"{given} was called; ", *chain.fate_words(order), t_ns=order.t_ns, thing=link.thing,
        moment=link.moment,
    )  # fmt: skip
    chain.follow_order(order, None)
    return f"Why was {link.text} called?"


def _about_essence(chain: Chain, thing: Thing) -> str:
    known, essence = chain.known, _number(thing)
    facts = known.essences.get(essence)
    if facts is None:
        chain.say(Role.UNKNOWN, f"Nothing is known of essence {essence}: it never was told, or it ended long ago.")
        return f"Why is there essence {essence}?"
    if facts.ended_ns is not None or facts.finishing_ns is not None:
        _tell_end(chain, essence)
        question = f"Why did {facts.name} end?" if facts.ended_ns is not None else f"Why does {facts.name} end?"
    elif essence in known.timers and known.timers[essence].is_running:
        _tell_timer(chain, essence)
        return f"Why does the timer {facts.name} run?"
    elif _tell_last_state(chain, essence):
        question = f"Why is {facts.name} in state {known.state_name(essence)}?"
    else:
        _tell_birth(chain, essence, follows=True)
        return f"Why is there {facts.name}?"
    _tell_birth(chain, essence, follows=False)
    return question


def _about_catalyst(chain: Chain, thing: Thing) -> str:
    known, catalyst = chain.known, _number(thing)
    _, running = known.waiting_of(catalyst)
    name = known.essences.name(catalyst)
    if running is None:
        return _about_essence(chain, thing)
    facts = known.catalysts[catalyst]
    chain.say(
        Role.ASKED, naming.tonic(known, catalyst), " is inside ", naming.order_link(known, running), ".",
        t_ns=facts.since_ns, thing=Thing("order", running.order), moment=running.n + 1,
    )  # fmt: skip
    chain.follow_order(running, None)
    return f"Why does {name} do what it does?"


def _about_state(chain: Chain, thing: Thing) -> str:
    known = chain.known
    cls, state = thing.key if isinstance(thing.key, tuple) else (-1, -1)
    cls, state = int(cls), int(state)
    name = f"{known.names.cls(cls)} in state {known.names.state(cls, state)}"
    moves = known.transitions
    rows = moves.where(lambda it: it["new"] == state, moves.count_at(known.app.first_n))
    for row in rows[::-1].tolist():
        move = moves.row(row)
        facts = known.essences.get(move.essence)
        if facts is not None and facts.cls == cls:
            chain.tell_move(move, Role.ASKED)
            chain.follow_number(move.run, "asked for it")
            return f"Why was a {name} the last time?"
    chain.say(Role.UNKNOWN, f"No {known.names.cls(cls)} was seen to go to state {known.names.state(cls, state)}.")
    if told_from_ns(known):
        chain.say(Role.UNKNOWN, "Some lived before the record began, and may have been in it then.")
    return f"Why was a {name}?"


def _about_path(chain: Chain, thing: Thing) -> str:
    known = chain.known
    store, path = thing.key if isinstance(thing.key, tuple) else (-1, "")
    store, path = int(store), str(path)
    entry = known.store.get(store, path)
    if entry is None:
        path, entry = _last_below(known, store, path)
    if entry is None:
        chain.say(Role.UNKNOWN, f"Nothing is known of {path or 'this store'}: nobody ever wrote there.")
        return f"Why is {path or 'the store'} as it is?"
    change = entry.history[-1] if len(entry.history) else None
    moment = change.n + 1 if change is not None else -1
    link = naming.path_link(store, path, moment)
    words = " is gone" if entry.removed else f" is {entry.new}"
    before = f"; before it was {entry.old}" if entry.old and entry.changes > 1 else ""
    is_told = change is None or not change.present
    chain.say(
        Role.ASKED, link, f"{words}{before}.", t_ns=entry.t_ns if is_told else None, thing=link.thing, moment=moment
    )
    question = f"Why is {path} gone?" if entry.removed else f"Why is {path} = {entry.new}?"
    if change is not None and change.present:
        chain.say(Role.UNKNOWN, "It was so already when the record began: who wrote it is not known.")
    elif entry.run > 0:
        chain.follow_number(entry.run, "wrote it")
    else:
        chain.tell_outside_write(store, path, entry.source, moment)
    return question


def _last_below(known: Knowledge, store: int, path: str) -> tuple[str, StoreEntry | None]:
    """The path below one that was written last, and its entry."""
    found: tuple[str, StoreEntry | None] = (path, None)
    waiting, seen = [path], 0
    while waiting and seen < MOST_PATHS:
        for child in known.store.below(store, waiting.pop()):
            seen += 1
            waiting.append(child)
            entry = known.store.get(store, child)
            if entry is not None and (found[1] is None or entry.t_ns >= found[1].t_ns):
                found = (child, entry)
    return found


def _about_line(chain: Chain, thing: Thing) -> str:
    known, index = chain.known, _number(thing)
    log = known.log if index < len(known.log) else chain.whole.log
    if not log.first <= index < len(log):
        chain.say(Role.UNKNOWN, f"Line {index} of the log has been forgotten.")
        return "Why this line?"
    line = log[index]
    who: Part = naming.tonic(chain.whole, line.essence) if line.essence >= 0 else "It"
    verb = "raised" if line.level == "error" else "said"
    question = f"Why did {line.name or 'the program'} {'raise' if line.level == 'error' else 'say'} “{line.text}”?"
    if line.level in ("stdout", "stderr"):
        chain.say(Role.ASKED, f"The process printed “{line.text}”.", t_ns=line.t_ns, thing=thing, moment=line.n + 1)
        chain.say(Role.UNKNOWN, "What is printed is not tied to a sparkle. Use self.log, then the line knows its run.")
        return f"Why was “{line.text}” printed?"
    if line.level == "hand":
        chain.say(Role.OUTSIDE, f"By hand: {line.text}", t_ns=line.t_ns, thing=thing, moment=line.n + 1)
        return "Why this line?"
    if line.level == "notice":
        chain.say(Role.OUTSIDE, f"The Studio or the probe said: {line.text}", t_ns=line.t_ns, moment=line.n + 1)
        return "Why this line?"
    chain.say(Role.ASKED, who, f" {verb} “{line.text}”.", t_ns=line.t_ns, thing=thing, moment=line.n + 1)
    if line.run > 0:
        chain.follow_number(line.run, "did so")
    else:
        chain.say(Role.UNKNOWN, "It was outside of any run that was numbered: the record has no cause for it.")
        chain.tell_level_at(line.n)
    return question


# ---- pieces of the life of a tonic


def _tell_last_state(chain: Chain, essence: int) -> bool:
    """How it came to its state, if a change was seen; false when none was, or it has none."""
    known = chain.known
    moves = known.transitions
    row = last_row(moves, is_value("essence", essence), moves.count_at(known.app.first_n), len(moves))
    if row < 0:
        return False
    move = moves.row(row)
    chain.tell_move(move, Role.ASKED)
    chain.follow_number(move.run, "asked for it")
    return True


def _tell_birth(chain: Chain, essence: int, *, follows: bool) -> None:
    """Who made it: the chain, or one sentence."""
    known = chain.known
    born = known.happenings.of(Happening.BORN, essence=essence, first_n=known.app.first_n)
    link = naming.tonic(known, essence)
    if not len(born):
        chain.say(Role.UNKNOWN, "Its birth is not in the record any more.")
        return
    row = known.happenings.row(int(born[0]))
    facts = known.essences.get(essence)
    begin = told_from_ns(known)
    if facts is None or not facts.born_ns or (begin and facts.born_ns < begin):
        chain.say(Role.UNKNOWN, "It lived already when the record began: who made it is not known.")
        return
    context = naming.tonic(known, row.value) if row.value >= 0 else None
    where: tuple[Part, ...] = (" in ", context) if context is not None else ()
    run = chain.whole.run_of(row.run) if row.run > 0 else None
    by: tuple[Part, ...] = (" by ", naming.run_link(chain.whole, run)) if run is not None and not follows else ()
    role = Role.ASKED if follows else Role.DETAIL
    chain.say(role, link, " was made", *where, *by, ".", t_ns=row.t_ns, thing=link.thing, moment=row.moment)
    if follows and row.run > 0:
        chain.follow_number(row.run, "made it")
    elif follows:
        chain.tell_start(row.n, "made it")


def _tell_end(chain: Chain, essence: int) -> None:
    known = chain.known
    at, told = essence, None
    path = known.essences.path(essence)
    for above in reversed(path):
        told = known.happenings.last(Happening.FINISHING, essence=above, first_n=known.app.first_n)
        if told is not None:
            at = above
            break
    facts = known.essences.get(essence)
    link = naming.tonic(known, essence)
    if facts is not None and facts.ended_ns is not None:
        ended = known.happenings.last(Happening.ENDED, essence=essence, first_n=known.app.first_n)
        moment = ended.moment if ended is not None else -1
        chain.say(Role.ASKED, link, " has ended.", t_ns=facts.ended_ns, thing=link.thing, moment=moment)
    if told is None:
        chain.say(Role.UNKNOWN, "Who asked it to finish is not in the record.")
        return
    asked = naming.tonic(known, at, told.moment)
    if at != essence:
        chain.say(
            Role.CAUSE, "It ends with what it is part of: ", asked, " was asked to finish.", t_ns=told.t_ns,
            thing=asked.thing, moment=told.moment,
        )  # fmt: skip
    else:
        chain.say(Role.CAUSE, asked, " was asked to finish.", t_ns=told.t_ns, thing=asked.thing, moment=told.moment)
    if told.run > 0:
        chain.follow_number(told.run, "asked it to finish")
    else:
        chain.tell_outside_end(at, told.n)


def _tell_timer(chain: Chain, timer: int) -> None:
    known = chain.known
    row = known.happenings.last(Happening.TIMER_SET, essence=timer, first_n=known.app.first_n)
    link = naming.tonic(known, timer)
    if row is None:
        chain.say(Role.UNKNOWN, link, " runs; when it was set is not in the record.")
        return
    chain.say(Role.ASKED, link, f" was set; it calls {row.word}.", t_ns=row.t_ns, thing=link.thing, moment=row.moment)
    if row.run > 0:
        chain.follow_number(row.run, "set it")
    else:
        chain.tell_start(row.n, "set it")


def _number(thing: Thing) -> int:
    return thing.key if isinstance(thing.key, int) else -1


_ASKED: Final = {
    "run": _about_run,
    "order": _about_order,
    "essence": _about_essence,
    "catalyst": _about_catalyst,
    "state": _about_state,
    "store": _about_path,
    "log": _about_line,
}

__all__ = ["Answer", "Link", "Sentence", "why"]
