"""What is shown: the window, its panels and how they look."""
