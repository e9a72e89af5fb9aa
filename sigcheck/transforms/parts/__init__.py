"""Parts of transforms: what several of them share."""
