"""Triton: the configuration of a model in a model repository, held against the model that it speaks for."""
