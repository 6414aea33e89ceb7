"""What a class's source says of its states when handlers come from its bases, in this file or another."""

from __future__ import annotations

import pytest

from tasktonic_studio.analysis.files import Files
from tasktonic_studio.analysis.machine_source import Exit, read_machine
from tests.studio.analysis.doors import MAIN, read, ways


def test_inherited_handlers_count() -> None:
    machine = read(
        """
        class Base(ttTonic):
            def ttsc_open__close(self):
                self.to_state("closed")

            def ttsc_closed__open(self):
                self.to_state("open")

        class Door(Base):
            def ttsc_closed__open(self):
                self.to_state("ajar")
        """
    )

    assert sorted(ways(machine)) == [("closed", "ttsc__open", "ajar", "to"), ("open", "ttsc__close", "closed", "to")]


def test_super_is_followed() -> None:
    machine = read(
        """
        class Base(ttTonic):
            def ttsc_open__close(self):
                self.to_state("closed")

        class Door(Base):
            def ttsc_open__close(self):
                if self.blocked:
                    self.to_state("jammed")
                else:
                    super().ttsc_open__close()
        """
    )

    assert [it[2] for it in ways(machine)] == ["jammed", "closed"]


def test_a_base_by_name_is_followed() -> None:
    machine = read(
        """
        class Base(ttTonic):
            def helper(self, where):
                self.to_state(where)

        class Door(Base):
            def helper(self, where):
                Base.helper(self, where)

            def ttsc_open__close(self):
                self.helper("closed")
        """
    )

    assert ways(machine) == [("open", "ttsc__close", "closed", "to")]


def test_an_overridden_helper_of_a_base_is_the_one_that_counts() -> None:
    machine = read(
        """
        class Base(ttTonic):
            def ttsc_open__close(self):
                self.shut()

            def shut(self):
                self.to_state("closed")

        class Door(Base):
            def shut(self):
                self.to_state("locked")
        """
    )

    assert ways(machine) == [("open", "ttsc__close", "locked", "to")]


def test_bases_are_looked_through_in_the_order_of_python() -> None:
    machine = read(
        """
        class Root(ttTonic):
            def end(self):
                self.to_state("root")

        class Left(Root):
            pass

        class Right(Root):
            def end(self):
                self.to_state("right")

        class Door(Left, Right):
            def ttsc_a__go(self):
                self.end()
        """
    )

    assert ways(machine) == [("a", "ttsc__go", "right", "to")]


@pytest.mark.parametrize(
    "statement", ["from base import Base", "from .base import Base", "from base import Base as Base"]
)
def test_a_base_in_another_file_is_found(statement: str) -> None:
    machine = read(
        f"""
        {statement}

        class Door(Base):
            pass
        """,
        base="""
        class Base(ttTonic):
            GOAL = "closed"

            def ttsc_open__close(self):
                self.to_state(self.GOAL)
        """,
    )

    assert machine.exits == (Exit("ttsc_open__close", "ttsc__close", "open", "closed", "to", "/app/base.py", 6),)
    assert machine.files == (MAIN, "/app/base.py")


def test_a_base_of_the_same_name_in_a_module_is_found() -> None:
    machine = read(
        """
        import base

        class Door(base.Door):
            pass
        """,
        base="""
        class Door(ttTonic):
            def ttsc_open__close(self):
                self.to_state("closed")
        """,
    )

    assert ways(machine) == [("open", "ttsc__close", "closed", "to")]


def test_a_module_inside_a_package_finds_what_it_imports_from_the_top() -> None:
    texts = {
        "/app/house/doors/front.py": "from house.base import Base\nclass Door(Base): pass\n",
        "/app/house/base.py": "class Base:\n def ttsc_open__close(self): self.to_state('closed')\n",
    }

    machine = read_machine(Files(texts), "/app/house/doors/front.py", "Door", module="house.doors.front")

    assert ways(machine) == [("open", "ttsc__close", "closed", "to")]


def test_a_base_that_no_import_names_is_found_where_its_handlers_stand() -> None:
    texts = {
        MAIN: "class Door(Base): pass\n",
        "/lib/base.py": "class Base:\n def ttsc_open__close(self): self.to_state('closed')\n",
    }

    machine = read_machine(Files(texts), MAIN, "Door", more_files=["/lib/base.py"])

    assert ways(machine) == [("open", "ttsc__close", "closed", "to")]


def test_a_further_file_that_is_not_there_is_no_problem() -> None:
    machine = read_machine(Files({MAIN: "class Door(Base): pass\n"}), MAIN, "Door", more_files=["/gone/tonic.py"])

    assert machine.problems == ()


def test_classes_that_are_based_on_each_other_end() -> None:
    machine = read(
        """
        class Other(Door):
            pass

        class Door(Other):
            def ttsc_open__close(self):
                self.to_state("closed")
        """
    )

    assert ways(machine) == [("open", "ttsc__close", "closed", "to")]


def test_the_class_nearest_to_the_line_is_taken() -> None:
    text = (
        "class Door:\n def ttsc__a(self): self.to_state('a')\n\n\nclass Door:\n def ttsc__a(self): self.to_state('b')\n"
    )

    first, second = (read_machine(Files({MAIN: text}), MAIN, "Door", line=line) for line in (1, 5))

    assert [it[2] for it in (*ways(first), *ways(second))] == ["a", "b"]
