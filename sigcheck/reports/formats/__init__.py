"""Formats: one way per file to tell the answer to a check, a chain, a lint and a diff."""
