"""The trace: every run as a row, newest at the bottom."""
