"""A folder of somebody's own work: its files, how it is run, its Python, and its tests. Plain Python, no Qt, no services."""
