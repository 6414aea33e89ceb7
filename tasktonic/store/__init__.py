"""The hierarchical store: values by path, news for those who subscribed. Plain data, usable without a tonic."""

from tasktonic.store.item import Item
from tasktonic.store.store import Store

__all__ = ["Item", "Store"]
