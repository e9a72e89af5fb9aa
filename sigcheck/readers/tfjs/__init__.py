"""TensorFlow.js: a `model.json` and its files of weights."""
