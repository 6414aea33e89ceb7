"""The pages of the documentation that ship with the Studio: as text to show, to search, and to find by a word. No Qt."""
