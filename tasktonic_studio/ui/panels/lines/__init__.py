"""The lines: where an app stands in its source, its calls and values, and the lines at which it stops."""
