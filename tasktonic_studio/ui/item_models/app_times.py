"""From when the times of an app are counted. No Qt."""

from __future__ import annotations

from tasktonic_studio.session.knowledge import Knowledge


def began_ns(known: Knowledge, app: int) -> int:
    """When the app run with this number began: the present one, or one before it.

    Of a program that began no app at all, times are counted from the first line that it printed.
    """
    if not known.app.has_begun:
        return known.log[known.log.first].t_ns if len(known.log) > known.log.first else 0
    return next((it.began_ns for it in known.apps if it.number == app), known.app.began_ns)
