"""What TensorFlow says of a model that it loads in a process apart."""
