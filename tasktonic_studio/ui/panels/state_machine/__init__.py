"""The state machine panel: the diagram of a class, where its tonics are in it, and the table of states and sparkles."""
