"""Two runs side by side: aligned by cause, and where they differ."""
