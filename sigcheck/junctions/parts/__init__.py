"""Parts of junctions: what several of them share."""
