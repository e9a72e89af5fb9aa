"""Frozen graph: a GraphDef in a `.pb` or `.pbtxt` file."""
