"""A clerk whose catalyst is held when work comes."""

from tasktonic import brake, ttCatalyst, ttFormula, ttTonic


class Clerk(ttTonic):
    def ttse__on_start(self):
        brake.hold(self.catalyst.id)
        self.hall.ttse__on_held()

    def ttsc__serve(self):
        self.log("served")


class Hall(ttTonic):
    def ttse__on_start(self):
        self.clerk = Clerk(name="clerk", catalyst=ttCatalyst(name="counter"), context=self)

    def ttse__on_held(self):
        self.clerk.ttsc__serve()
        self.log("somebody waits")


class App(ttFormula):
    def creating_formula(self):
        return {"tasktonic/shutdown/timeout": 0.5}  # nobody waits longer for a clerk who does not come back

    def creating_starting_tonics(self):
        hall = Hall(name="hall")
        Clerk.hall = hall


if __name__ == "__main__":
    App()
