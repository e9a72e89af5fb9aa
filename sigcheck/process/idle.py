"""A worker that does nothing: which walls stand around one is seen by it."""
