"""Names that were to be sparkles."""

from tasktonic import ttTonic


class Pump(ttTonic):
    _tt_is_services = "pump"  # expect: misspelt-name

    def tsse__on_start(self):  # expect: misspelt-name
        self.log("starts")

    def ttcs__pump(self):  # expect: misspelt-name
        self.log("pumps")

    def ttsc_stop(self):  # expect: misspelt-name
        self.finish()

    def ttsx__wait(self):  # expect: misspelt-name
        self.log("waits")

    def ttse_idle_on_enter(self):  # expect: misspelt-name
        self.log("idles")

    def TTSC__shout(self):  # expect: misspelt-name
        self.log("SHOUTS")

    def test__whatever(self):
        self.log("a name of its own")
