"""Keras: a `.keras` file; its config tells the signature, and is lowered to a graph."""
