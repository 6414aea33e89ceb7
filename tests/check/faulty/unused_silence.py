"""Comments that silence nothing, name no code, or name one that there is not."""

import time

from tasktonic import ttTonic


class Sleeper(ttTonic):
    def ttse__on_start(self):
        time.sleep(1)  # tasktonic: ignore[blocking-call]
        # tasktonic: ignore[blocking-call]
        time.sleep(2)
        self.log("a")  # tasktonic: ignore[blocking-call]  # expect: unused-silence
        self.log("b")  # tasktonic: ignore[blocking-cal]  # expect: unused-silence
        self.log("c")  # tasktonic: ignore  # expect: unused-silence
        time.sleep(3)  # tasktonic: ignore[unknown-state, blocking-call]  # expect: unused-silence
        self.log("# tasktonic: ignore[blocking-call]")
