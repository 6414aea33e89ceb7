"""One folder per panel, each with a panel.py that declares it."""
