"""The inspector: everything about the selected thing."""
