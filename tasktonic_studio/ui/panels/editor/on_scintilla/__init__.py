"""The parts of the editor on Scintilla. They take its widget; the binding itself is imported by ``scintilla`` alone."""
