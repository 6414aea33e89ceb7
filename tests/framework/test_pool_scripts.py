"""The pool in scripts of their own: what it costs unused, and where its functions come from."""

from __future__ import annotations

from pathlib import Path

from tests.helpers.pool_askers import (
    output_of,
)

# -- what it costs when it is not used --------------------------------------------------------------------------------


def test_app_that_offloads_nothing_loads_nothing_for_it() -> None:
    code = (
        "import sys\n"
        "from tasktonic import *\n"
        "class Hello(ttTonic):\n"
        "    def ttse__on_start(self):\n"
        "        self.finish()\n"
        "class App(ttFormula):\n"
        "    def creating_starting_tonics(self):\n"
        "        Hello(log_mode='stealth')\n"
        "App()\n"
        "print([name for name in ('tasktonic.pool', 'multiprocessing', 'concurrent', 'subprocess', 'pickle') if name in sys.modules])\n"
    )

    assert output_of("-c", code).splitlines()[-1] == "[]"


def test_thread_work_loads_nothing_that_only_processes_need() -> None:
    code = (
        "import sys\n"
        "from tasktonic import *\n"
        "class Hello(ttTonic):\n"
        "    def ttse__on_start(self):\n"
        "        self.offload(len, 'abc', on_result=self.ttse__got)\n"
        "    def ttse__got(self, length):\n"
        "        self.finish()\n"
        "class App(ttFormula):\n"
        "    def creating_starting_tonics(self):\n"
        "        Hello(log_mode='stealth')\n"
        "App()\n"
        "print([name for name in ('multiprocessing', 'concurrent', 'subprocess') if name in sys.modules])\n"
    )

    assert output_of("-c", code).splitlines()[-1] == "[]"


# -- scripts ----------------------------------------------------------------------------------------------------------


SCRIPT = """
import os
from tasktonic import *

class Box:
    def __init__(self, value):
        self.value = value

def work(box):
    return Box((box.value + 1, os.getpid()))

class Asker(ttTonic):
    def ttse__on_start(self):
        self.offload(work, Box(1), on_result=self.ttse__got, on_error=self.ttse__failed, where="process")

    def ttse__got(self, box):
        print(type(box).__name__, box.value[0], box.value[1] != os.getpid())
        self.finish()

    def ttse__failed(self, error):
        print(error.exception)
        self.finish()

class App(ttFormula):
    def creating_formula(self):
        return {"tasktonic/log/to": "off"}

    def creating_starting_tonics(self):
        Asker()
"""


def test_function_of_a_guarded_script_runs_in_a_process(tmp_path: Path) -> None:
    script = tmp_path / "guarded.py"
    script.write_text(f"{SCRIPT}\nif __name__ == '__main__':\n    App()\n", encoding="utf-8")

    assert output_of(str(script)) == "Box 2 True\n"


def test_script_without_a_guard_is_told_what_is_missing(tmp_path: Path) -> None:
    script = tmp_path / "unguarded.py"
    script.write_text(f"{SCRIPT}\nApp()\n", encoding="utf-8")

    assert output_of(str(script)) == (
        "a worker process loads the script for the function that was offloaded, and the script runs its app again. Put the "
        "line that constructs the formula under  if __name__ == '__main__':  or the function into a module of its own.\n"
    )


def test_text_that_names_the_script_does_not_load_it(tmp_path: Path) -> None:
    script = tmp_path / "unguarded.py"
    program = SCRIPT.replace("work, Box(1)", "str.upper, '__main__'")
    program = program.replace("type(box).__name__, box.value[0], box.value[1] != os.getpid()", "box")
    script.write_text(f"{program}\nApp()\n", encoding="utf-8")

    assert output_of(str(script)) == "__MAIN__\n"


def test_function_of_a_program_that_has_no_file_cannot_be_found_by_a_process() -> None:
    assert output_of("-c", f"{SCRIPT}\nApp()\n").startswith("work: the worker process cannot read the work: ")


def test_module_beside_the_script_needs_no_guard(tmp_path: Path) -> None:
    (tmp_path / "works.py").write_text("def triple(number):\n    return 3 * number\n", encoding="utf-8")
    script = tmp_path / "unguarded.py"
    script.write_text(
        f"{SCRIPT}\nimport works\n"
        "class Other(Asker):\n"
        "    def ttse__on_start(self):\n"
        "        self.offload(works.triple, 4, on_result=self.ttse__number, where='process')\n"
        "    def ttse__number(self, number):\n"
        "        print(number)\n"
        "        self.finish()\n"
        "Asker = Other\n"
        "App()\n",
        encoding="utf-8",
    )

    assert output_of(str(script)) == "12\n"
