"""What looks as if it waited or never ended."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import subprocess
import threading
import time

from tasktonic import ttTonic


class Loops(ttTonic):
    def __init__(self, **kw):
        super().__init__(**kw)
        self.q = queue.Queue()
        self.p = subprocess.Popen(["x"])
        self.ev = threading.Event()

    def ttse__on_start(self):
        while True:
            for x in (1, 2):
                if x:
                    continue
            else:
                break
        while not self.q.empty():
            self.q.get()
        self.p.kill()
        self.p.wait()
        if self.ev.is_set():
            self.ev.wait()
        with contextlib.suppress(queue.Empty):
            self.drain()
        try:
            self.drain2()
        except queue.Empty:
            pass

    def drain(self):
        while True:
            self.take(self.q.get_nowait())

    def drain2(self):
        while True:
            self.take(self.q.get_nowait())

    def take(self, x):
        pass

    def ttsc__wait(self):
        asyncio.get_event_loop().run_in_executor(None, time.sleep, 3)

    def ttsc__thread(self):
        def work():
            time.sleep(3)

        threading.Thread(target=work).start()
        threading.Thread(target=lambda: time.sleep(1)).start()
        self.offload(time.sleep, 2)
