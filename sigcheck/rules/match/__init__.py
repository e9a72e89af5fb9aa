"""Rules of a match: one kind of mismatch of a producer and a consumer per file."""
