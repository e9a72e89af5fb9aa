"""ONNX: inputs and outputs of the graph, without onnx and without the weights."""
