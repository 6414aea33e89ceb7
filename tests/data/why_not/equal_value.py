"""A thermostat that is set to what it is set to already."""

from tasktonic import ttFormula, ttStore, ttTonic


class Thermostat(ttTonic):
    def ttse__on_start(self):
        self.store = self.bind(ttStore)
        self.store.set("room/wanted", 20)
        self.store.subscribe("room/wanted", self.ttse__on_wanted)
        self.ttsc__set(20)
        self.ttsc__set(20)

    def ttsc__set(self, degrees):
        self.store.set("room/wanted", degrees)

    def ttse__on_wanted(self, changes):
        self.log("another temperature is wanted")


class App(ttFormula):
    def creating_starting_tonics(self):
        Thermostat(name="thermostat")


if __name__ == "__main__":
    App()
