"""The problems: what went wrong in the run, or looks as if it will, the worst first."""
