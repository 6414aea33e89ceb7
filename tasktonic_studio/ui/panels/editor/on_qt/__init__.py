"""The parts of the editor on Qt's own text widget."""
