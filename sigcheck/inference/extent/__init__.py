"""Extent: how large the axes of a graph's tensors are, as far as they follow from the sizes of its inputs."""
