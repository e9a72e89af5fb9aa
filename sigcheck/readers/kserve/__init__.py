"""KServe: the metadata of a model as the Open Inference Protocol v2 tells it, from a file or a server."""
