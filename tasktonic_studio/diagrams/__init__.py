"""Where the boxes and lines of a drawing go. Plain Python, no Qt: sizes in, places out, all in pixels, y downwards."""
