"""The errors of tonics in windows."""

from __future__ import annotations

from ..errors import ttError


class ttUiFileError(ttError, ValueError):
    """A ``.ui`` file is absent or broken, or does not fit the class that names it. Raised when the tonic is made.

    >>> from tasktonic.qt import ttUiFileError
    >>> issubclass(ttUiFileError, ttError), issubclass(ttUiFileError, ValueError)
    (True, True)
    """


class ttWidgetBindingError(ttError, TypeError):
    """A widget cannot be bound to a place in a store, or a value there is none that the widget can show.

    >>> from tasktonic.qt import ttWidgetBindingError
    >>> issubclass(ttWidgetBindingError, ttError), issubclass(ttWidgetBindingError, TypeError)
    (True, True)
    """
