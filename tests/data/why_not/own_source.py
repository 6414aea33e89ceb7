"""A thermostat that listens to a value and ignores what it writes itself."""

from tasktonic import ttFormula, ttStore, ttTonic


class Thermostat(ttTonic):
    def ttse__on_start(self):
        self.store = self.bind(ttStore)
        self.store.subscribe("room/wanted", self.ttse__on_wanted, ignore_source=self.id)
        self.ttsc__set(21)

    def ttsc__set(self, degrees):
        self.store.set("room/wanted", degrees)

    def ttse__on_wanted(self, changes):
        self.log("another temperature is wanted")


class App(ttFormula):
    def creating_starting_tonics(self):
        Thermostat(name="thermostat")


if __name__ == "__main__":
    App()
