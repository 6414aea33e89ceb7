"""Two handlers of one name: the second takes the place of the first."""

from tasktonic import ttTonic


class Counter(ttTonic):
    def __init__(self):
        super().__init__()
        self.count = 0

    def ttsc__add(self, number):
        self.count += number

    def ttse__on_start(self):
        self.ttsc__add(1)

    def ttsc__add(self, number):  # expect: overwritten-handler
        self.count -= number

    def reset(self):
        self.count = 0
