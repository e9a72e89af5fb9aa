"""TFX schema: what the examples of a data set hold, as TensorFlow Data Validation and Transform write it."""
