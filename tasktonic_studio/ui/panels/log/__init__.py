"""The log: what was said, printed and raised, newest at the bottom."""
