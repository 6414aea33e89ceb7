"""What waits inside sparkles."""

import queue
import socket
import subprocess
import threading
import time
from time import sleep as rest
from urllib import request

import requests

from tasktonic import ttTonic


class Clerk(ttTonic):
    def __init__(self):
        super().__init__()
        self.lock = threading.Lock()
        self.done = threading.Event()
        self.letters = queue.Queue()
        self.quick = socket.socket()
        self.quick.setblocking(False)
        self.web = requests.Session()
        time.sleep(0.01)

    def ttse__on_start(self):
        time.sleep(1)  # expect: blocking-call
        rest(2)  # expect: blocking-call
        subprocess.run(["ls"])  # expect: blocking-call
        request.urlopen("https://example.org")  # expect: blocking-call
        input("Go on? ")  # expect: blocking-call
        self.offload(time.sleep, 1)

    def ttsc__wait(self):
        self.lock.acquire()  # expect: blocking-call
        self.lock.acquire(timeout=0.1)
        self.done.wait()  # expect: blocking-call
        self.done.wait(0.1)
        self.letters.get()  # expect: blocking-call
        self.letters.get(block=False)
        self.letters.get_nowait()

    def ttsc__talk(self):
        plug = socket.socket()
        plug.connect(("localhost", 80))  # expect: blocking-call
        plug.recv(100)  # expect: blocking-call
        self.quick.recv(100)
        requests.get("https://example.org")  # expect: blocking-call
        self.web.post("https://example.org", timeout=3)  # expect: blocking-call
        self.web.close()

    def ttsc__work(self):
        self.helper()
        thread = threading.Thread(target=self.in_a_thread)
        thread.start()
        thread.join()  # expect: blocking-call

    def helper(self):
        time.sleep(0.5)  # expect: blocking-call

    def in_a_thread(self):
        time.sleep(0.5)
