"""GraphDef: the nodes of TensorFlow's own graphs, which SavedModels and frozen graphs both hold."""
