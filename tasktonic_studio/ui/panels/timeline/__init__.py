"""The timeline: what every catalyst did when, from a whole run down to single sparkles."""
