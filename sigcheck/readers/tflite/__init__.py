"""TFLite: a flatbuffer of signatures, subgraphs and operators."""
