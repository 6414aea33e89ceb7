"""The pool: threads and processes for heavy work. ``self.offload`` of a tonic is the way in; nothing starts before its first use."""

from .pool import Pool, open_pool
from .work import Report, Work

__all__ = ["Pool", "Report", "Work", "open_pool"]
