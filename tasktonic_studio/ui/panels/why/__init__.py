"""Why: the answer to "Why?" and "Why not?", as sentences that lead to what they speak of."""
