"""The tests panel."""
