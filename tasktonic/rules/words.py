"""A breakpoint in words, as people read it in a list."""

from __future__ import annotations

from typing import Final

from .breakpoint import CONDITION, DURATION, EXCEPTION, PATH, SENDER, SPARKLE, Breakpoint, Term

_FACTORS: Final = ((1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "µs"), (1, "ns"))


def sentence_of(point: Breakpoint) -> str:
    """What it waits for: ``Pump.ttsc__open and not (from timer)``."""
    return " and ".join(words_of(term) for term in point.terms) or "nothing"


def words_of(term: Term) -> str:
    """One term: ``Pump enters 'full'``."""
    text = _plain_words(term)
    return f"not ({text})" if term.negated else text


def _plain_words(term: Term) -> str:
    who = _whose(term)
    what = term.what or "*"
    if term.kind == SPARKLE:
        return f"{who or '*'}.{what}"
    if term.kind == SENDER:
        return f"from {who + '.' if who else ''}{what}"
    if term.kind == PATH:
        return f"{'store path' if not who else who + ' path'} {what}"
    if term.kind == EXCEPTION:
        end = f" that is {term.way}" if term.way else ""
        return f"{'an exception' if not term.what else term.what}{f' in {who}' if who else ''}{end}"
    if term.kind == CONDITION:
        return f"{term.what}{f' of {who}' if who else ''}"
    if term.kind == DURATION:
        return f"{who or 'anything'} runs longer than {_time(term.longer_than_ns)}"
    return f"{who or 'anything'} {'leaves' if term.way == 'left' else 'enters'} {what}"


def _whose(term: Term) -> str:
    if term.cls and term.tonic:
        return f"{term.cls} {term.tonic}"
    return term.cls or term.tonic


def _time(ns: int) -> str:
    factor, unit = next((factor, unit) for factor, unit in _FACTORS if ns >= factor or factor == 1)
    return f"{ns / factor:g} {unit}"
