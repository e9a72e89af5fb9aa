"""Live objects: models, functions, datasets and specs in the memory of the caller, one kind per file."""
