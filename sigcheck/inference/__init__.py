"""Inference: what a graph shows of values, found without running it: backward from outputs, forward from inputs."""
