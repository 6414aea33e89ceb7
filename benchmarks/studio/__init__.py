"""The rows of ``benchmarks/studio.py``, a module each."""
