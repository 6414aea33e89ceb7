"""What the state machine panel is about: a class, and the tonic whose state is lit in its machine."""

from __future__ import annotations

from dataclasses import dataclass

from tasktonic_studio.session.essences import EssenceFacts
from tasktonic_studio.session.knowledge import Knowledge
from tasktonic_studio.session.selection import Thing
from tasktonic_studio.ui.panels.state_machine.machine import class_of, instance_of


@dataclass(slots=True)
class Subject:
    """Ids of a class and of one of its tonics, -1 for none. Owned by the view, a new one for each app that is watched."""

    cls: int = -1
    essence: int = -1

    def follow(self, known: Knowledge, thing: Thing | None) -> bool:
        """Be about what is selected. Returns whether that is another class.

        A thing without a class, such as a place in source, leaves it as it was.
        """
        cls = class_of(known, thing)
        if cls < 0:
            return False
        is_other = cls != self.cls
        instance = instance_of(known, thing)
        if instance is not None:
            self.essence = instance.id
        elif is_other or (thing is not None and thing.kind == "class"):
            # A selected state of the same class leaves its tonic lit.
            self.essence = -1
        self.cls = cls
        return is_other

    def name(self, known: Knowledge) -> tuple[str, str]:
        """Module and name of the class: the same in each run of the app."""
        defined = known.names.classes.get(self.cls)
        return (defined.module, defined.name) if defined is not None else ("", "")

    def instance(self, known: Knowledge) -> EssenceFacts | None:
        """The tonic whose state is lit."""
        facts = known.essences.get(self.essence)
        return facts if facts is not None and facts.cls == self.cls else None
