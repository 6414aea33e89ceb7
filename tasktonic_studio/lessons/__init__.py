"""Lessons: what a teacher writes in a text file, read, played and checked against what is known of the app. No Qt."""
