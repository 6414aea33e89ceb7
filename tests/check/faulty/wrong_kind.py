"""Sparkles that are no plain methods."""

import functools

from tasktonic import ttTonic


def noted(method):
    @functools.wraps(method)
    def call(self, *args):
        self.log(method.__name__)
        return method(self, *args)

    return call


class Reader(ttTonic):
    def ttse__on_start(self):
        self.ttsc__read()
        self.ttsc__count()

    async def ttsc__read(self):  # expect: wrong-kind
        self.log("reads")

    def ttsc__count(self):  # expect: wrong-kind
        yield 1

    @staticmethod
    def ttsc__stop():  # expect: wrong-kind
        pass

    @noted
    def ttsc__say(self, text):
        self.log(text)

    def lines(self):
        yield "a method of its own kind"

    def ttsc__list(self):
        self.log(", ".join(it for it in self.lines()))
