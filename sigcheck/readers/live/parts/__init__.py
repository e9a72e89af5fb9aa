"""What kinds of live objects share."""
