"""The panel Learn: lessons over the real panels."""
