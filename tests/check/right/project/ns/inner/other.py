import tasktonic as tt


class O(tt.ttTonic):
    def ttse__on_start(self):
        self.to_state("odd2")

    def ttsc_odd2__x(self):
        pass
