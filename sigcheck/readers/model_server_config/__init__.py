"""Model server config: the models that a TensorFlow Serving serves, each by its name (`models.config`)."""
