"""Sizes: what a graph makes of the sizes that its inputs leave open, and under which of them it runs."""
