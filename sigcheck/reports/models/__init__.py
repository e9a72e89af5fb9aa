"""Models: one way per file to tell the signatures of sources."""
