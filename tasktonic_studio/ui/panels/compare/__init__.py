"""Two runs side by side: what has the same cause in one row, and where they differ."""
