"""An app with a lamp that blinks, as source text for a process of its own, and what a studio sees of it."""

from __future__ import annotations

from tasktonic import events as ev
from tests.helpers.studio_end import StudioEnd

HEAD = """
import os, sys, threading, time
from tasktonic import ttEssence, ttFormula, ttStore, ttTimerRepeat, ttTonic

class App(ttFormula):
    def creating_formula(self):
        return {"tasktonic/log/to": "off", "tasktonic/project/name": "plant"}
"""

LAMP = (
    HEAD
    + """
class Lamp(ttTonic):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.ticks = 0
        self.password = "hunter2"
        self.parts = [1, {"colour": "red"}]
        self.store = self.bind(ttStore)
        self.store.set("level", 1)

    def ttse__on_start(self):
        self.to_state("off")
        ttTimerRepeat(seconds=0.005, name="tick")
        self.ttsc__say("ready")

    def ttsc__say(self, word):
        print(word, flush=True)

    def ttse_off__on_tick(self, info):
        self.ticks += 1
        self.to_state("on")

    def ttse_on__on_tick(self, info):
        self.to_state("off")

    def ttse__on_finished(self):
        print("the lamp has finished", flush=True)

class Plant(App):
    def creating_starting_tonics(self):
        Lamp(name="lamp")

Plant()
print("the app has ended", flush=True)
"""
)


def id_of_lamp(end: StudioEnd) -> int:
    return end.event(ev.Born, lambda born: born.name == "lamp").essence


def runs_on(end: StudioEnd) -> None:
    """Wait until the app has run something more."""
    so_far = len(end.seen(ev.Ran))
    end.until(lambda: len(end.seen(ev.Ran)) > so_far, "another run")
