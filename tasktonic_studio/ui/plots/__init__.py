"""Plots of numbers over time; the only place that knows pyqtgraph."""
