"""Planning: binds names, grows the graph of specs and transforms, finds the cheapest path."""
