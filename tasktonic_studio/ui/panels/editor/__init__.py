"""The source of the watched app: read it, change it, save it."""
