"""Loops that never let go of the catalyst."""

from tasktonic import ttTonic


class Worker(ttTonic):
    def ttse__on_start(self):
        while True:  # expect: blocking-call
            self.work()

    def ttsc__search(self):
        while True:
            if self.work():
                break

    def ttsc__drain(self, box):
        try:
            while True:
                box.pop()
        except IndexError:
            self.log("empty")

    def ttsc__count(self):
        for number in range(10**8):  # expect: blocking-call
            self.last = number

    def ttsc__count_a_little(self):
        for number in range(1000):
            self.last = number

    def work(self):
        return self.id
