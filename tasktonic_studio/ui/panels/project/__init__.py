"""The project panel."""
