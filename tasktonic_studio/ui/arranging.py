"""Which arrangement of panels is shown, and that what the user made of it lasts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from tasktonic_studio.settings import Settings
from tasktonic_studio.ui.docks import DockArea
from tasktonic_studio.ui.guard import contained
from tasktonic_studio.ui.layouts import Arrangement, LayoutFile
from tasktonic_studio.ui.panel import Panel


class Arranging:
    """Changes arrangements and keeps them in the layout file. Owned by the workbench, made with it; Qt thread.

    Args:
        area: where the panels are.
        arrangements: those there are; the first is shown until another is chosen.
        panels: have a state of their own, kept in the same file.
        layouts: what lasts.
        settings: remember which was chosen, and why nothing could be kept.
        show_area: brings the panels to the front.
    """

    def __init__(
        self,
        area: DockArea,
        arrangements: Sequence[Arrangement],
        panels: Sequence[Panel],
        layouts: LayoutFile,
        settings: Settings,
        show_area: Callable[[], None],
    ) -> None:
        self._area = area
        self._arrangements = arrangements
        self._panels = panels
        self._layouts = layouts
        self._settings = settings
        self._show_area = show_area
        self.current = arrangements[0]

    def choose(self, name: str) -> bool:
        """Show another arrangement, as the user left it. Returns whether there is one of this name."""
        wanted = next((each for each in self._arrangements if each.name == name), None)
        if wanted is None:
            return False
        self._keep()
        self.current = wanted
        self._area.arrange(wanted, self._layouts.state(wanted.name))
        self._show_area()
        if self._settings.text("arrangement") != name:
            self._settings.set("arrangement", name)
        return True

    def reset(self) -> None:
        """Show the present arrangement as it was made."""
        self._layouts.forget(self.current.name)
        self._area.arrange(self.current)
        self._show_area()

    def restore_panels(self) -> None:
        """Give each panel the state that it had when the window closed."""
        for panel in self._panels:
            state = self._layouts.panel_state(panel.id)
            if state:
                with contained(f"panel {panel.id}"):
                    panel.restore_state(state)

    def shut(self, window: QWidget) -> None:
        """The window closes: write down how it and its panels are, and let the panels finish, also beside one that fails."""
        self._keep()
        for panel in self._panels:
            with contained(f"panel {panel.id}"):
                self._layouts.keep_panel_state(panel.id, panel.save_state())
            with contained(f"panel {panel.id}"):
                panel.finish()
        self._layouts.window = bytes(window.saveGeometry().data())
        try:
            self._layouts.write()
        except OSError as error:
            # The window is on its way out: the next start simply has the arrangements from before.
            self._settings.problem = f"The arrangement could not be saved: {error.strerror or error}."

    def _keep(self) -> None:
        """Remember the present arrangement, if the user has changed it."""
        if self._area.has_user_changes:
            self._layouts.keep(self.current.name, self._area.state())
            self._area.has_user_changes = False
