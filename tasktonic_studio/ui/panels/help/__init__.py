"""The panel Help: the documentation, to read and to search."""
