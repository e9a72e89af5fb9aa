"""Serving metadata: the signatures of a model as TensorFlow Serving tells them, from a file or a server."""
