"""Rules of a comparison: one kind of break per file."""
