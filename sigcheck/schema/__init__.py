"""The values that stages pass: no stage, no rendering, no TensorFlow."""
