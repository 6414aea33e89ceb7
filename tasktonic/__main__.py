"""``python -m tasktonic``: the same as the command ``tasktonic``, in a clone where nothing is installed."""

from __future__ import annotations

import sys

from tasktonic.cli import console

if __name__ == "__main__":
    sys.exit(console())
