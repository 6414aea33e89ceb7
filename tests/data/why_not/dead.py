"""A clerk whose catalyst has ended: who calls afterwards calls into the void."""

from tasktonic import ttCatalyst, ttFormula, ttTonic


class Clerk(ttTonic):
    def ttsc__serve(self):
        self.log("served")


class Hall(ttTonic):
    def ttse__on_start(self):
        self.counter = ttCatalyst(name="counter", context=self)
        self.clerk = Clerk(name="clerk", catalyst=self.counter, context=self.counter)
        self.bind(self.counter)
        self.counter.finish()

    def ttse__on_counter_finished(self):
        self.clerk.ttsc__serve()
        self.log("nobody is there")


class App(ttFormula):
    def creating_starting_tonics(self):
        Hall(name="hall")


if __name__ == "__main__":
    App()
