"""Qt item models that know nothing of one panel. They need QtCore and QtGui only."""
