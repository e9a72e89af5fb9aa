"""Graph: the small common form that the graphs of all formats are lowered to."""
