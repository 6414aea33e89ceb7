"""The hidden subclass that instances are of: there the sparkles of a tonic are functions that queue."""

from __future__ import annotations

import threading
from typing import Any, Final

lock: Final = threading.RLock()
"""Held while a hidden subclass is made, or brought to what its class has become."""


def make_leaf(cls: Any) -> type:
    """The hidden subclass of an essence's class, made when it is asked for first. Any thread."""
    with lock:
        leaf: type | None = cls._tt_leaf
        if leaf is None:
            table = cls._tt_make_table()
            namespace = {
                "__module__": cls.__module__,
                "__qualname__": cls.__qualname__,
                "__doc__": cls.__doc__,
                "_tt_leaf_of": cls,
                "_tt_user_class": cls,
                "_tt_class": table,
            }
            if "__dict__" not in dir(cls) or getattr(cls, "__dictoffset__", 1) == 0:
                namespace["__slots__"] = ()
            # A class that counts its subclasses, or wants arguments from them, must not hear of this one.
            hears = any("__init_subclass__" in vars(base) for base in cls.__mro__[:-1])
            meta = _leaf_meta(type(cls)) if cls._tt_leaf_forwards else type(cls)
            leaf = meta(cls.__name__, (_Unheard, cls) if hears else (cls,), namespace)
            cls._tt_fill_leaf(leaf, table)
            cls._tt_leaf = leaf
        return leaf


_leaf_metas: Final[dict[type, Any]] = {}


def _leaf_meta(meta: Any) -> Any:
    """A metaclass for hidden subclasses: what is set on one is set on the user's class, so ``type(self).made += 1`` counts."""
    if meta not in _leaf_metas:

        class LeafMeta(meta):  # type: ignore[misc]
            def __setattr__(cls, name: str, value: Any) -> None:  # noqa: N805 - a metaclass's instances are classes
                user_class = cls.__dict__.get("_tt_leaf_of")
                # What Python itself keeps of a class, such as what is abstract in it, is of this one.
                if user_class is None or name.startswith("__") or name == "_abc_impl":
                    super().__setattr__(name, value)
                else:
                    setattr(user_class, name, value)

            def set_own(cls, name: str, value: Any) -> None:  # noqa: N805 - as above
                """Set something on the hidden subclass itself."""
                super().__setattr__(name, value)

        _leaf_metas[meta] = LeafMeta
    return _leaf_metas[meta]


class _Unheard:
    """Keeps the hidden subclass from ``__init_subclass__``."""

    __slots__ = ()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        return
