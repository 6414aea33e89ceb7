"""The live ledger: the tree of what lives, by context."""
