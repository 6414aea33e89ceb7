"""The console: evaluates in a held tonic."""
