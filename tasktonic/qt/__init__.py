"""Tonics in a PySide6 program: a catalyst on the Qt loop, and windows and widgets that are tonics.

Needs PySide6: ``pip install PySide6-Essentials``.
"""

try:
    import PySide6.QtWidgets as _QtWidgets  # noqa: F401  (said once, in words, instead of wherever it is first used)
except ImportError as error:
    raise ImportError(
        f"tasktonic.qt needs PySide6, which cannot be loaded here: {error}. "
        "Install it with: pip install PySide6-Essentials (or the extra 'qt' of tasktonic-studio)."
    ) from error

from .catalyst import ttPyside6Ui
from .errors import ttUiFileError, ttWidgetBindingError
from .widgets import ttPysideMixin, ttPysideWidget, ttPysideWindow

__all__ = ["ttPyside6Ui", "ttPysideMixin", "ttPysideWidget", "ttPysideWindow", "ttUiFileError", "ttWidgetBindingError"]
