"""What source text says by itself: nothing of a user is imported or run. Plain Python, no Qt."""
