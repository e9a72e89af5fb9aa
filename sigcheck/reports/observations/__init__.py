"""Formats of observations: one file each."""
