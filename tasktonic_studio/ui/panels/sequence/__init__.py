"""The sequence diagram: who called whom."""
