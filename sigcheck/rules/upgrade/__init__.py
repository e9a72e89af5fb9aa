"""Rules of an upgrade: one kind of change of a signature per file."""
