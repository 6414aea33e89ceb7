"""The breakpoints panel."""
